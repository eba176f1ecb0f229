package tui

import "testing"

func TestMasked(t *testing.T) {
	for text, want := range map[string]string{
		"banned 203.0.113.77!":           "banned 203.0.x.x!",
		"from 2001:db8:85a3::8a2e:370":   "from 2001:x",
		"::1, 127.0.0.1 and 21:04:11":    "::1, 127.0.0.1 and 21:04:11",
		"version 2.15.2, ratio 1.2.3":    "version 2.15.2, ratio 1.2.3",
		"999.1.1.1 is none":              "999.1.1.1 is none",
		"my password is swordfish":       "my password is ••••",
		"the token=abc.def":              "the token=••••",
		"see nats://a:hush@host:4222/":   "see nats://a:••••@host:4222/",
		"tokenize this":                  "tokenize this",
		"cloaked 203.0.ABC.DEF as it is": "cloaked 203.0.ABC.DEF as it is",
		"IP: +Av.YN4.AaT.A8p. then":      "IP: +Av.x.x.x. then",
		"v6 aB3+:Zz9/:0aBc:DeF1 is":      "v6 aB3+:x:x:x is",
		"see www.foo.bar.com":            "see www.foo.bar.com",
		"The.Old.Man.And.The.Sea.mkv":    "The.Old.Man.And.The.Sea.mkv",
	} {
		if got := masked(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
