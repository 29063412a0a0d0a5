/// The version that `martlet --version` tells.
let martletVersion = "0.1.0"
