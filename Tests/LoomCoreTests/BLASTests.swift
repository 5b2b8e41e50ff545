import LoomCore
import Testing

struct BLASTests {
  @Test func `runs one thread when told to`() {
    BLAS.useOneThread()
    #expect(BLAS.threadCount == 1)
  }

  @Test func `cross products are those of all pairs of columns`() {
    let rows: [Double] = [1, 2, 3, 4, 5, 6]
    var products = [Double](repeating: 0, count: 4)
    var matrix = products.mutableSpan
    BLAS.crossProducts(of: rows.span, symbols: 2, into: &matrix)
    #expect(products[0] == 1 + 9 + 25)
    #expect(products[1] == 2 + 12 + 30)
    #expect(products[3] == 4 + 16 + 36)
  }
}
