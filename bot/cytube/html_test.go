package cytube

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"rosey/bus/room"
)

func TestSpans(t *testing.T) {
	type spans = []room.Span
	tests := []struct {
		name, html string
		lines      lines
		want       spans
	}{
		{"empty", "", oneLine, nil},
		{"plain", "hello", oneLine, spans{{Text: "hello"}}},
		{"entities once", "&amp;lt; &lt;b&gt; &#39;&#x41;&nbsp", oneLine, spans{{Text: room.Clean("&lt; <b> 'A\u00a0")}}},
		{"styles", `<strong>a</strong> <em>b</em><s>c</s><code>d</code>`, oneLine,
			spans{{Kind: room.SpanStrong, Text: "a"}, {Text: " "}, {Kind: room.SpanEm, Text: "b"},
				{Kind: room.SpanStrike, Text: "c"}, {Kind: room.SpanCode, Text: "d"}}},
		{"link", `see <a href="https://e.org/?a=1&amp;b=2" target="_blank">https://e.org/?a=1&amp;b=2</a> ok`, oneLine,
			spans{{Text: "see "}, {Kind: room.SpanLink, Text: "https://e.org/?a=1&b=2", Link: "https://e.org/?a=1&b=2"}, {Text: " ok"}}},
		{"link in strong", `<a href="http://e.org"><b>x</b></a>`, oneLine, spans{{Kind: room.SpanLink, Text: "x", Link: "http://e.org"}}},
		{"link in spoiler", `<span class="x spoiler">a<a href="http://e.org">b</a></span>`, oneLine,
			spans{{Kind: room.SpanSpoiler, Text: "a"}, {Kind: room.SpanSpoiler, Text: "b", Link: "http://e.org"}}},
		{"script link", `<a href="javascript:alert(1)">x</a>`, oneLine, spans{{Text: "x"}}},
		{"protocol-relative link", `<a href="//e.org/x">x</a>`, oneLine, spans{{Kind: room.SpanLink, Text: "x", Link: "https://e.org/x"}}},
		{"image", `a <img src="https://e.org/p.png" title="pic" /> b`, oneLine,
			spans{{Text: "a "}, {Kind: room.SpanImage, Text: "pic", Link: "https://e.org/p.png"}, {Text: " b"}}},
		{"image without words", `<img src="https://e.org/p.png">`, oneLine,
			spans{{Kind: room.SpanImage, Text: "https://e.org/p.png", Link: "https://e.org/p.png"}}},
		{"emote image", `<img class="channel-emote" title=":x:" src="https://e.org/p.png">`, oneLine,
			spans{{Kind: room.SpanEmote, Text: ":x:", Link: "https://e.org/p.png"}}},
		{"unclosed", `<strong>a <em>b`, oneLine, spans{{Kind: room.SpanStrong, Text: "a "}, {Kind: room.SpanEm, Text: "b"}}},
		{"crossed", `<b>a<i>b</b>c</i>d`, oneLine,
			spans{{Kind: room.SpanStrong, Text: "a"}, {Kind: room.SpanEm, Text: "bc"}, {Text: "d"}}},
		{"script", `a<script>alert("<b>")</script>b<style>x{}</style>c`, oneLine, spans{{Text: "abc"}}},
		{"broken tag", `a<b`, oneLine, spans{{Text: "a"}}},
		{"lone bracket", `1 < 2 & 3 > 2`, oneLine, spans{{Text: "1 < 2 & 3 > 2"}}},
		{"comment", `a<!-- b -->c`, oneLine, spans{{Text: "ac"}}},
		{"escape", "a&#27;[31mb&#x85;c\u009b\x1b]0;t\x07", oneLine, spans{{Text: "ab…c"}}},
		{"line breaks become spaces", "a<br>b\nc<p>d</p>", oneLine, spans{{Text: "a b c d "}}},
		{"blocks become lines", "<h1>Hi</h1><p>a<br/>b</p>\n<div>c</div>", manyLines, spans{{Text: "Hi\na\nb\nc"}}},
		{"lines stay", "a\n\nb", manyLines, spans{{Text: "a\n\nb"}}},
		{"styled lines", "<p><b>x</b></p><p>y</p>", manyLines, spans{{Kind: room.SpanStrong, Text: "x"}, {Text: "\ny"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := spansOf(test.html, test.lines); !reflect.DeepEqual(got, test.want) {
				t.Errorf("spans of %q:\n got %+v\nwant %+v", test.html, got, test.want)
			}
		})
	}
}

func TestManySpansAreBounded(t *testing.T) {
	spans := spansOf(strings.Repeat("<b>x</b><i>y</i>", 4*maxSpans), oneLine)
	if len(spans) > maxSpans+1 || len(textOf(spans)) != 8*maxSpans {
		t.Errorf("%d spans of %d bytes", len(spans), len(textOf(spans)))
	}
	deep := spansOf(strings.Repeat("<b>", 10000)+"x", oneLine)
	if len(deep) != 1 || deep[0].Kind != room.SpanStrong {
		t.Errorf("deep nesting gave %+v", deep)
	}
}

func TestMarkEmotes(t *testing.T) {
	d := decoder{emotes: map[string]string{":a:": "https://e.org/a", "b": "https://e.org/b"}}
	const link = "https://e.org/"
	got := d.markEmotes([]room.Span{{Text: ":a: x b\nb"}, {Kind: room.SpanCode, Text: ":a:"}, {Text: " bb :a:"}, {Text: " "}})
	want := []room.Span{
		{Kind: room.SpanEmote, Text: ":a:", Link: link + "a"}, {Text: " x "},
		{Kind: room.SpanEmote, Text: "b", Link: link + "b"}, {Text: "\n"},
		{Kind: room.SpanEmote, Text: "b", Link: link + "b"},
		{Kind: room.SpanCode, Text: ":a:"}, {Text: " bb "},
		{Kind: room.SpanEmote, Text: ":a:", Link: link + "a"}, {Text: " "},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("marked\n got %+v\nwant %+v", got, want)
	}
}

func FuzzHTML(f *testing.F) {
	for _, seed := range []string{
		"", "hello", "&lt;b&gt; &amp;amp;", `<a href="https://e.org">x</a>`, `<span class="spoiler">x<a href=//e>y`,
		"a\u0301<b>\u0301</b>\u0301", "<script>x", "<br><p>a</p>", "&#27;[31m&#x202e;x", `<img src=http://e title="` + "\x1b" + `">`,
		"\xff<b>\xfe", "<plaintext><b>", "e\u200d<i>\u200d</i>e",
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	d := decoder{emotes: map[string]string{"x": "https://e.org/x"}}
	f.Fuzz(func(t *testing.T, src string, many bool) {
		l := lines(many)
		spans := d.markEmotes(spansOf(cut(src, maxChat), l))
		text := textOf(spans)
		clean := room.Clean
		if many {
			clean = room.CleanLines
		}
		if clean(text) != text {
			t.Errorf("text %q is not clean", text)
		}
		if !utf8.ValidString(text) {
			t.Errorf("text %q is not UTF-8", text)
		}
		for _, span := range spans {
			if span.Text == "" {
				t.Errorf("an empty span in %+v", spans)
			}
			if span.Link != "" && (room.Clean(span.Link) != span.Link || !strings.HasPrefix(span.Link, "http")) {
				t.Errorf("link %q", span.Link)
			}
		}
		if len(spans) > 3*maxSpans {
			t.Errorf("%d spans", len(spans))
		}
	})
}
