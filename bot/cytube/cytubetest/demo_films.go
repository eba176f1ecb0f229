package cytubetest

const demoMOTD = `<h2>The Silver Moth</h2><p>Public-domain pictures around the clock. Be kind, no spoilers, tip the <em>organist</em>. ` +
	`Programme: <a href="https://archive.org/details/feature_films" target="_blank" rel="noopener noreferrer">archive.org</a></p>`

var demoEmotes = []Emote{
	{Name: ":popcorn:", Image: "https://emotes.example/popcorn.png"},
	{Name: ":clap:", Image: "https://emotes.example/clap.gif"},
	{Name: ":gasp:", Image: "https://emotes.example/gasp.png"},
	{Name: ":organ:", Image: "https://emotes.example/organ.png"},
	{Name: ":bat:", Image: "https://emotes.example/bat.png"},
	{Name: ":snail:", Image: "https://emotes.example/snail.png"},
	{Name: ":reel:", Image: "https://emotes.example/reel.gif"},
	{Name: ":tea:", Image: "https://emotes.example/tea.png"},
	{Name: ":facepalm:", Image: "https://emotes.example/facepalm.png"},
	{Name: ":moth:", Image: "https://emotes.example/moth.png"},
}

// film is a film of so many minutes at the Internet Archive.
func film(id, title string, minutes, seconds int) Media {
	return Media{
		ID:      "https://archive.org/download/" + id + "/" + id + ".mp4",
		Title:   title,
		Seconds: minutes*60 + seconds,
		Type:    "fi",
	}
}

// demoFilms is the programme: films in the public domain.
var demoFilms = []Media{
	film("caligari_1920", "The Cabinet of Dr. Caligari (1920)", 76, 18),
	film("sherlock_jr_1924", "Sherlock Jr. (1924)", 44, 52),
	film("night_of_the_living_dead_1968", "Night of the Living Dead (1968)", 95, 47),
	film("le_voyage_dans_la_lune_1902", "Le Voyage dans la Lune (1902)", 12, 54),
	film("his_girl_friday_1940", "His Girl Friday (1940)", 91, 43),
	film("nosferatu_1922", "Nosferatu, eine Symphonie des Grauens (1922)", 94, 10),
	film("the_general_1926", "The General (1926)", 78, 30),
	film("haxan_1922", "Häxan (1922)", 105, 12),
	film("carnival_of_souls_1962", "Carnival of Souls (1962)", 78, 21),
	film("page_of_madness_1926", "狂った一頁 · A Page of Madness (1926)", 70, 45),
	film("detour_1945", "Detour (1945)", 67, 38),
	film("charade_1963", "Charade (1963)", 113, 27),
	film("house_on_haunted_hill_1959", "House on Haunted Hill (1959)", 74, 49),
	film("plan_9_1957", "Plan 9 from Outer Space (1957)", 78, 56),
	film("potemkin_1925", "Броненосец «Потёмкин» · Battleship Potemkin (1925)", 74, 32),
	film("doa_1949", "D.O.A. (1949)", 83, 20),
	film("metropolis_1927", "Metropolis (1927)", 148, 9),
	film("phantom_of_the_opera_1925", "The Phantom of the Opera (1925)", 92, 58),
	film("the_hitch_hiker_1953", "The Hitch-Hiker (1953)", 70, 41),
	film("un_chien_andalou_1929", "Un Chien Andalou (1929)", 21, 15),
	film("movie_camera_1929", "Man with a Movie Camera (1929)", 67, 55),
	film("the_kid_1921", "The Kid (1921)", 53, 4),
	film("last_man_on_earth_1964", "The Last Man on Earth (1964)", 86, 33),
	film("gertie_1914", "Gertie the Dinosaur (1914)", 12, 6),
	film("steamboat_bill_jr_1928", "Steamboat Bill, Jr. (1928)", 69, 50),
	film("reefer_madness_1936", "Reefer Madness (1936)", 65, 59),
}

// demoClips come between the films.
var demoClips = []Media{
	film("lets_all_go_to_the_lobby_1957", "Let's All Go to the Lobby (1957)", 0, 41),
	film("academy_leader", "Academy Leader: 8, 7, 6 …", 0, 11),
	film("drive_in_intermission", "Drive-In Intermission: ten minutes to showtime", 0, 58),
	film("silver_moth_ident", "The Silver Moth: station ident", 0, 19),
	film("newsreel_1939", "Newsreel, June 1939 (excerpt)", 1, 32),
	film("please_remove_hats", "Ladies will please remove their hats (1911)", 0, 14),
}

// demoPolls are questions with their answers.
var demoPolls = [][]string{
	{"What after the intermission?", "Nosferatu", "The General", "something with a dog", "sleep"},
	{"Best Caligari: the book, the film, the wallpaper?", "film", "wallpaper", "Cesare, obviously"},
	{"Saturday double bill?", "Keaton & Keaton", "noir & noir", "silent & silenter", "Plan 9 twice"},
	{"Live organ or scratchy shellac?", "organ", "shellac", "both at once <loud>"},
}
