package cytubetest

// demoThreads are short conversations. A line begins with who says it: the
// same letter is the same person, and {A} is that person's name.
var demoThreads = [][]string{
	{"A did they really crash a train for this", "B yes. the most expensive single shot of the silent era", "A and the train is still there?", "B was in the river until the 40s, then they sold it for scrap", "C noooo", "A RIP train 🚂"},
	{"A is this the one with the stairs", "B which stairs, there are always stairs", "A THE stairs", "B oh, *those* stairs. no, that's Potemkin"},
	{"A {film} or the remake?", "B there's a remake??", "A 1979 I think", "C we do not speak of the remake", "B ok now I have to see it"},
	{"A anyone else getting lag?", "B nope", "C fine here", "A ok it's me, the router has feelings again", "B turn it off and sing to it"},
	{"A what's everyone drinking", "B tea :tea:", "C cold coffee from this morning", "D regret", "A {D} go to bed", "D no 😤"},
	{"A name a better eyebrow in cinema. I'll wait", "B Joan Crawford", "A ok that was fast", "C Groucho, both of them"},
	{"A I don't get why he went back to the house", "B he forgot his hat", "A people in this film would rather die than lose a hat", "C correct"},
	{"T これ、何年の映画?", "G 1926年だと思う", "T すごい、百年前", "C a hundred years old and still ahead of us"},
	{"A quick question, is the score original?", "B no, the original is lost. this one's from the 70s", "A it slaps", "B it does slap"},
	{"A >implying the vampire is the villain", "B >sleeps all day", "C >works nights", "A he's just a freelancer"},
	{"A {B} did you ever finish that projector?", "B the lamp house is done, the gate still scratches", "A pics?", "B https://example.net/projector/build-log?page=12", "A gorgeous"},
	{"A how do I do the slanted text", "B like _this_", "A _oh_ nice", "B and *bold* and ~~strike~~ and `code`", "A *_I have too much power_*"},
	{"A spoiler question, does the dog live", "B [sp]the dog lives[/sp]", "A THANK YOU", "C the dog always lives in this house, it's a rule"},
	{"A Rosey how many people have been here today?", "B she only answers the mods", "A rude but fair"},
	{"A I've got a spare ticket for the restoration at the Odeon on Sunday", "B which film?", "A Metropolis, the long one", "C the LONG one", "B I'm in. how's the organ there?", "A enormous"},
	{"A so what's the theory, who did it", "B the butler", "C there is no butler in this film", "B exactly, nobody would suspect him"},
	{"A my grandad was an extra in one of these", "B no way, which?", "A third mountie from the left, 1936", "B a legend walks among us", "C respect 🎖️"},
	{"A who picked the clip before this", "B guilty", "A it was great, more of those", "B I have forty", "C you will be stopped"},
}

var (
	helloLines  = []string{"hi all", "evening!", "back 👋", "hey hey", "こんばんは", "what did I miss?", "hello from a train with bad wifi", "good evening, Silver Moth"}
	skipLines   = []string{"can we skip this one? seen it twice today", "voteskip? the print is unwatchable", "voteskip time, sorry {film} fans", "skip skip skip :snail:"}
	groanLines  = []string{"oh great, not again", "raid 🙄", "mods!!", "here we go", "can somebody mop the lobby please", "MARLOWE. HILDY. anyone"}
	sternLines  = []string{"on it", "right, out you go, all of you", "hold my coat", "cleaning up, one moment"}
	thanksLines = []string{"thank you!! :clap:", "that was quick 👏", "and peace returned to the lobby", "mods earn their popcorn tonight :popcorn:", "phew"}

	raidLines = []string{
		"FREE MOVIES >>> http://totally-real.example/free <<< CLICK",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"this room is dead join ours",
		"ṡ̵̢p̶̖͝ǎ̷̦m̴̰͘ ̵̱̿ḧ̷̪́ò̶̫u̸͍̕r̷͙̓",
		"🤡🤡🤡🤡🤡🤡🤡🤡🤡🤡🤡🤡🤡🤡🤡🤡",
		"<script>alert('owned')</script>",
		"mods asleep post snails :snail::snail::snail::snail::snail:",
		"ﷺ ﷽ ﷽ ﷽",
		"the ending is that everybody dies lol",
		"RAID RAID RAID RAID RAID",
	}

	// botCommands are what people ask the bot by PM.
	botCommands = []string{"help", "info", "status", "users", "stats", "current", "playlist 5", "user Lumiere", "user popcorn_pete", "afk"}

	// What the cast says to outsiders, {you} being the outsider.
	nodLines   = []string{"ha, true", "what {you} said", "haha", "noted, {you} 📝", "couldn't agree more", "hm, I'm not so sure", "{you} speaks the truth", ":clap:", "exactly this", "lol {you}"}
	replyLines = []string{"good question, {you}. no idea!", "I think so, {you}", "pretty sure it's in the motd", "ask Hildy, she knows everything", "yes! well. mostly", "no, but it should be", "{you}: about twenty minutes, give or take a reel", "depends on who you ask 🎬"}
	greetLines = []string{"hi {you}!", "evening {you} 👋", "hello hello", "welcome in, {you}, popcorn's on the left", "hey {you}, good to see you"}
	pmLines    = []string{"oh, hi! didn't see you there", "sure, will do", "haha, let's talk after the film", "thanks for letting me know", "ok 👍", "shh, it's the good bit"}
)
