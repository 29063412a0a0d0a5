/// One of the four Unicode normal forms.
struct NormalFormNormalizer: Normalizer {
    let form: NormalForm

    func normalize(_ text: inout [UInt8]) {
        if text.withUnsafeBufferPointer(UTF8Text.isASCII) { return }
        text = UTF8Text.bytes(form.apply(UTF8Text.scalars(text)))
    }
}
