package bus

import "github.com/nats-io/nats-server/v2/server"

// PermissionsBlock is the authorization block for a nats-server of one's own.
func PermissionsBlock() string { return "" }

func (r Role) permissions() *server.Permissions { return nil }
