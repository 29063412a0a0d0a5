import MartletTestSupport
import Testing

/// `docs/reference/` is as the tables of the language are. `make reference-docs` writes it anew.
@Suite
struct ReferenceDocumentTests {
    @Test(arguments: ReferenceDocuments.all.map(\.name))
    func isUpToDate(_ name: String) throws {
        let document = try #require(ReferenceDocuments.all.first { $0.name == name })
        if ProjectFiles.environment("MARTLET_UPDATE") != nil { ProjectFiles.write(document.text, to: document.path) }
        #expect(ProjectFiles.read(document.path) == document.text, "run `make reference-docs`")
    }
}
