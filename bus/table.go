package bus

import "slices"

// Kind says what a subject is for.
type Kind string

const (
	KindEvent   Kind = "event"     // published once, kept in StreamEvents
	KindHealth  Kind = "health"    // published every second, kept nowhere
	KindQuery   Kind = "query"     // request and reply, changes nothing
	KindCommand Kind = "command"   // request and reply, acts on a room or queues a line
	KindWrite   Kind = "write"     // published, kept in StreamWrites until applied
	KindService Kind = "service"   // NATS service discovery
	KindAPI     Kind = "jetstream" // JetStream's own requests
	KindSystem  Kind = "system"    // what a NATS server tells about itself
	KindInbox   Kind = "inbox"     // where answers go
)

// Access is one row of the role table: who may publish to a subject, and who
// may subscribe to it. To ask a question is to publish, to answer it is to
// subscribe. RoleAdmin may do everything and stands in no row.
type Access struct {
	Subject   string // a subject or a pattern with * and >
	Kind      Kind
	Publish   []Role
	Subscribe []Role
}

// Who does what, in the words of the table.
var (
	nobody   = []Role(nil)
	theBot   = []Role{RoleBot}
	theDB    = []Role{RoleDB}
	services = []Role{RoleBot, RoleDB}
	watchers = []Role{RoleOperator, RoleViewer}
	askers   = []Role{RoleBot, RoleOperator, RoleViewer}
	deciders = []Role{RoleBot, RoleOperator}
	operator = []Role{RoleOperator}
	theNATS  = []Role{RoleServer}
	speakers = []Role{RoleBot, RoleDB, RoleServer}
)

// Table is the role table. It is the only place that says who may use which
// subject: the embedded server's permissions, PermissionsBlock and the
// subjects of the write stream are read from it.
//
// Three things follow from what a NATS server does not check, namely whether
// an asker may publish to the reply subject it names:
//
//   - Nobody who answers may publish commands or writes of another's, so no
//     asker can have its own answer sent there. What the bot itself publishes
//     (events) is guarded by Respond, which answers to inboxes only.
//   - No console may publish to a subject that a stream keeps, nor to the
//     JetStream API, nor ask the server about itself: the server answers those,
//     wherever it is told to. This is why actions are written by the bot and
//     not by the console, and why others look at the server for it.
//   - Consoles listen on an inbox prefix of their own role, so a viewer
//     cannot listen to what the database answers an operator.
func Table() []Access {
	table := []Access{
		{PatternEvents, KindEvent, theBot, askers},
		{patternHeartbeats, KindHealth, theBot, askers},
		{SubjectDBHealth, KindHealth, theDB, askers},
		{SubjectRooms, KindQuery, askers, theBot},
		{patternStates, KindQuery, askers, theBot},
		{patternHistories, KindQuery, askers, theBot},
		{patternTrees, KindQuery, askers, theBot},
		{SubjectPresence, KindHealth, watchers, askers},
		{PatternCommands, KindCommand, operator, theBot},
		{SubjectOutboundEnqueue, KindCommand, deciders, theDB},
		{SubjectNATSServer, KindQuery, askers, theNATS},
		{SubjectNATSSeen, KindQuery, askers, theDB},
	}
	for _, s := range writeSubjects {
		table = append(table, Access{s, KindWrite, theBot, theDB})
	}
	for _, s := range querySubjects {
		table = append(table, Access{s, KindQuery, askers, theDB})
	}
	return slices.Concat(table, serviceRows, systemRows, inboxRows(), apiRows)
}

// writeSubjects is what StreamWrites keeps.
var writeSubjects = []string{
	SubjectUserJoined, SubjectUserLeft, SubjectMessageLog,
	SubjectUserCount, SubjectHighWater, SubjectStatusUpdate,
	SubjectOutboundSent, SubjectOutboundFailed, SubjectActionLog,
	SubjectSanctionSet, SubjectSanctionEnd, SubjectNoteSet,
}

// querySubjects is what the database service answers.
var querySubjects = []string{
	SubjectOutboundGet, SubjectRecentChat, SubjectUserStats, SubjectUsers,
	SubjectChannelStats, SubjectTopChatters, SubjectCountHistory,
	SubjectChatSearch, SubjectActions, SubjectSanctions, SubjectNotes,
}

// serviceRows are the micro protocol's: each verb is asked of everyone, of a
// name, or of one instance.
var serviceRows = []Access{
	{"$SRV.PING", KindService, watchers, services},
	{"$SRV.PING.>", KindService, watchers, services},
	{"$SRV.INFO", KindService, watchers, services},
	{"$SRV.INFO.>", KindService, watchers, services},
	{"$SRV.STATS", KindService, watchers, services},
	{"$SRV.STATS.>", KindService, watchers, services},
}

// systemRows are the questions with which the database service looks at a
// server of somebody's own. They change nothing there.
var systemRows = []Access{
	{sysVarz, KindSystem, theDB, nobody},
	{sysJsz, KindSystem, theDB, nobody},
	{sysConnz, KindSystem, theDB, nobody},
	{sysOwnStats, KindSystem, theDB, nobody},
}

func inboxRows() []Access {
	rows := []Access{{"_INBOX.>", KindInbox, speakers, services}}
	for _, r := range []Role{RoleOperator, RoleViewer} {
		rows = append(rows, Access{r.inboxPrefix() + ".>", KindInbox, speakers, []Role{r}})
	}
	return append(rows, Access{RoleAdmin.inboxPrefix() + ".>", KindInbox, speakers, nobody})
}

// apiRows are the JetStream requests that bot and database make. Whoever
// writes may make the stream of writes, so that nothing is lost when the bot
// comes first; only its reader may change or read it.
var apiRows = []Access{
	{"$JS.API.INFO", KindAPI, services, nobody},

	{"$JS.API.STREAM.INFO." + StreamEvents, KindAPI, services, nobody}, // the database only looks
	{"$JS.API.STREAM.CREATE." + StreamEvents, KindAPI, theBot, nobody},
	{"$JS.API.STREAM.UPDATE." + StreamEvents, KindAPI, theBot, nobody},
	{"$JS.API.STREAM.MSG.GET." + StreamEvents, KindAPI, theBot, nobody},
	{SubjectEventsGet, KindAPI, theBot, nobody},
	{SubjectEventsGet + ".>", KindAPI, theBot, nobody},

	{"$JS.API.STREAM.INFO." + StreamWrites, KindAPI, services, nobody},
	{"$JS.API.STREAM.CREATE." + StreamWrites, KindAPI, services, nobody},
	{"$JS.API.STREAM.UPDATE." + StreamWrites, KindAPI, theDB, nobody},
	{"$JS.API.CONSUMER.CREATE." + StreamWrites + "." + ConsumerDB, KindAPI, theDB, nobody},
	{"$JS.API.CONSUMER.CREATE." + StreamWrites + "." + ConsumerDB + ".>", KindAPI, theDB, nobody},
	{"$JS.API.CONSUMER.INFO." + StreamWrites + "." + ConsumerDB, KindAPI, theDB, nobody},
	{"$JS.API.CONSUMER.DELETE." + StreamWrites + "." + ConsumerDB, KindAPI, theDB, nobody},
	{"$JS.API.CONSUMER.MSG.NEXT." + StreamWrites + "." + ConsumerDB, KindAPI, theDB, nobody},
	{"$JS.ACK." + StreamWrites + "." + ConsumerDB + ".>", KindAPI, theDB, nobody},
	{"$JS.ACK.*.*." + StreamWrites + "." + ConsumerDB + ".>", KindAPI, theDB, nobody}, // the form that names domain and account
}
