/// A tensor column's storage is a tensor, so whoever reads columns sees MartletTensor's types as well.
@_exported import MartletTensor
