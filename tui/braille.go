package tui

// A plot is a chart of dots, two by four to a cell (Unicode's Braille).
type plot struct {
	w, h  int // cells
	cells []uint8
}

func newPlot(w, h int) *plot { return &plot{w: w, h: h, cells: make([]uint8, w*h)} }

// brailleBits are a cell's dots by row and column, from the top left.
var brailleBits = [4][2]uint8{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}

// dot sets a dot; x and y count dots from the bottom left.
func (p *plot) dot(x, y int) {
	y = p.h*4 - 1 - y
	if x < 0 || x >= p.w*2 || y < 0 || y >= p.h*4 {
		return
	}
	p.cells[y/4*p.w+x/2] |= brailleBits[y%4][x%2]
}

// column fills the dots from the ground up to y.
func (p *plot) column(x, y int) {
	for ; y >= 0; y-- {
		p.dot(x, y)
	}
}

// rune is the cell at x, y from the top left; 0 where no dot is.
func (p *plot) rune(x, y int) rune {
	if c := p.cells[y*p.w+x]; c != 0 {
		return 0x2800 + rune(c)
	}
	return 0
}
