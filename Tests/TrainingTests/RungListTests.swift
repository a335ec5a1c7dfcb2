import Testing
import Training

@Suite struct RungListTests {
    @Test(arguments: [
        ("auto", RungList.automatic),
        ("16", .listed([[16]])),
        ("16,64,256", .listed([[16], [64], [256]])),
        ("256x3+64,2", .listed([[256, 256, 256, 64], [2]])),
        ("4+8x2+4", .listed([[4, 8, 8, 4]])),
    ]) func parses(text: String, expected: RungList) {
        #expect(RungList(text) == expected)
        if case .listed(let rungs) = expected {
            #expect(rungs.map(RungList.text).joined(separator: ",") == text)
        }
    }

    @Test(arguments: ["", ",", "16,", "a", "16x", "x2", "16x0", "-4", "16++4", "16x2x2", "256x99999999999"])
    func refuses(text: String) {
        #expect(RungList(text) == nil)
    }
}
