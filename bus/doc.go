// Package bus is the contract between the bot, the database service, the
// console and anyone's own programs: every subject, every message type, who
// may use which subject, and the ways of connecting.
//
// Everything crosses NATS, also inside one process. Connect gives a Conn;
// StartServer runs the embedded server where there is no other. Request and
// Respond are the typed halves of request and reply. The role table in
// table.go says who may publish and subscribe to what; the embedded server
// enforces it, and PermissionsBlock prints it for those who run their own.
package bus
