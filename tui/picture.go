package tui

import (
	"encoding/xml"
	"fmt"
	"image/color"
	"strings"
	"unicode"
	"unicode/utf8"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// A picture's grid and colours where the terminal's own would show. Cells are
// a little taller than twice their width, as in most terminals.
const (
	cellWidth  = 8.4
	cellHeight = 18.0
	baseline   = 13.5
	frameWidth = 12.0
	paperColor = "#14161a"
	penColor   = "#d7dae0"
)

// plainPicture is a screen without its styles.
func plainPicture(screen string) string {
	rows := strings.Split(ansi.Strip(screen), "\n")
	for i, row := range rows {
		rows[i] = strings.TrimRight(row, " ")
	}
	return strings.Join(rows, "\n") + "\n"
}

// ansiPicture is a screen as `cat` shows it.
func ansiPicture(screen string) string { return screen + ansi.ResetStyle + "\n" }

// svgPicture draws a screen as SVG: a text element for each stretch of a row
// that is in one style and that any monospace font has, and one for each
// character besides, so that every cell stands in its column whatever font the
// viewer finds for it.
func svgPicture(screen, title string, by ansi.Method) string {
	rows := uv.NewStyledString(screen).Lines(by)
	wide := 0
	for _, row := range rows {
		wide = max(wide, cellsOf(row))
	}
	w, h := float64(wide)*cellWidth+2*frameWidth, float64(len(rows))*cellHeight+2*frameWidth
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.1f %.1f" role="img">`+"\n", w, h, w, h)
	fmt.Fprintf(&b, "<title>%s</title>\n", escaped(title))
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", paperColor)
	b.WriteString(`<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" xml:space="preserve">` + "\n")
	for y, row := range rows {
		eachStretch(row, sameStyle, func(cells uv.Line, x int) { drawPaper(&b, cells, x, y) })
		eachStretch(row, drawnTogether, func(cells uv.Line, x int) { drawText(&b, cells, x, y) })
	}
	b.WriteString("</g>\n</svg>\n")
	return b.String()
}

// cellsOf is how wide cells are together: what stands behind a wide one has no
// width of its own, or does not stand there.
func cellsOf(cells uv.Line) int {
	n := 0
	for _, c := range cells {
		n += c.Width
	}
	return n
}

// eachStretch calls do for each stretch of a row whose cells are together with
// its first, and the column where it begins.
func eachStretch(row uv.Line, together func(a, b *uv.Cell) bool, do func(cells uv.Line, x int)) {
	for i, x := 0, 0; i < len(row); {
		end := i + 1
		for end < len(row) && (row[end].Width == 0 || together(&row[i], &row[end])) {
			end++
		}
		do(row[i:end], x)
		x += cellsOf(row[i:end])
		i = end
	}
}

func sameStyle(a, b *uv.Cell) bool { return b.Style.Equal(&a.Style) }

func drawnTogether(a, b *uv.Cell) bool {
	kind := kindOfCell(a)
	return kind != cellAlone && kindOfCell(b) == kind && sameStyle(a, b)
}

// A cellKind says how sure it is that a character is as wide as its cells.
type cellKind int

const (
	cellUsual cellKind = iota // any monospace font has it
	cellOther                 // letters that may come from another font, and may join
	cellAlone                 // comes from another font, in a width of its own
)

// usualLetters are those that monospace fonts have, besides ASCII.
var usualLetters = []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic}

func kindOfCell(c *uv.Cell) cellKind {
	first, _ := utf8.DecodeRuneInString(c.Content)
	switch {
	case c.Width > 1:
		return cellAlone
	case first < utf8.RuneSelf, first >= '─' && first <= '▟', unicode.IsOneOf(usualLetters, first):
		return cellUsual
	case unicode.IsLetter(first):
		return cellOther
	}
	return cellAlone
}

func drawPaper(b *strings.Builder, cells uv.Line, x, y int) {
	if _, bg := inks(cells[0].Style); bg != "" {
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`,
			columnAt(x), rowAt(y), float64(cellsOf(cells))*cellWidth+0.1, cellHeight, bg)
	}
}

func drawText(b *strings.Builder, cells uv.Line, x, y int) {
	var text strings.Builder
	for _, c := range cells {
		text.WriteString(c.Content)
	}
	if strings.TrimSpace(text.String()) == "" {
		return
	}
	left, width := columnAt(x), float64(cellsOf(cells))*cellWidth
	place := fmt.Sprintf(`x="%.1f" textLength="%.1f" lengthAdjust="spacingAndGlyphs"`, left, width)
	if kindOfCell(&cells[0]) == cellAlone {
		place = fmt.Sprintf(`x="%.1f" text-anchor="middle"`, left+width/2)
	}
	fg, _ := inks(cells[0].Style)
	fmt.Fprintf(b, `<text %s y="%.1f" fill="%s"%s>%s</text>`+"\n",
		place, rowAt(y)+baseline, fg, attributes(cells[0].Style), escaped(text.String()))
}

func columnAt(x int) float64 { return frameWidth + float64(x)*cellWidth }
func rowAt(y int) float64    { return frameWidth + float64(y)*cellHeight }

// inks are a style's colours; bg is empty for the paperColor's.
func inks(s uv.Style) (fg, bg string) {
	fg, bg = hex(s.Fg, penColor), hex(s.Bg, "")
	if s.Attrs&uv.AttrReverse != 0 {
		if bg == "" {
			bg = paperColor
		}
		fg, bg = bg, fg
	}
	return fg, bg
}

func attributes(s uv.Style) string {
	var b strings.Builder
	if s.Attrs&uv.AttrBold != 0 {
		b.WriteString(` font-weight="bold"`)
	}
	if s.Attrs&uv.AttrItalic != 0 {
		b.WriteString(` font-style="italic"`)
	}
	if s.Attrs&uv.AttrFaint != 0 {
		b.WriteString(` opacity="0.6"`)
	}
	switch {
	case s.Attrs&uv.AttrStrikethrough != 0:
		b.WriteString(` text-decoration="line-through"`)
	case s.Underline != uv.UnderlineNone:
		b.WriteString(` text-decoration="underline"`)
	}
	return b.String()
}

func hex(c color.Color, otherwise string) string {
	if c == nil {
		return otherwise
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}
