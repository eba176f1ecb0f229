package bus

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nats-io/nats-server/v2/server"
)

// allowed gives what role may publish and subscribe to, as the table says.
func (r Role) allowed() (publish, subscribe []string) {
	if r == RoleAdmin {
		return []string{">"}, []string{">"}
	}
	for _, a := range Table() {
		if slices.Contains(a.Publish, r) {
			publish = append(publish, a.Subject)
		}
		if slices.Contains(a.Subscribe, r) {
			subscribe = append(subscribe, a.Subject)
		}
	}
	return publish, subscribe
}

// mayPublish tells whether the table names subject for role.
func (r Role) mayPublish(subject string) bool {
	publish, _ := r.allowed()
	return r == RoleAdmin || slices.Contains(publish, subject)
}

// permissions is what the embedded server enforces.
func (r Role) permissions() *server.Permissions {
	publish, subscribe := r.allowed()
	return &server.Permissions{
		Publish:   &server.SubjectPermission{Allow: publish},
		Subscribe: &server.SubjectPermission{Allow: subscribe},
	}
}

// PermissionsBlock is the role table as the authorization block of a
// nats-server configuration, for those who run a server of their own. The
// passwords are read from the server's environment: ROSEY_BOT_PASSWORD and so
// on. A server with accounts takes the users into an account of rosey's own.
func PermissionsBlock() string {
	var b strings.Builder
	b.WriteString("authorization {\n  users: [\n")
	for _, r := range Roles() {
		publish, subscribe := r.allowed()
		fmt.Fprintf(&b, "    {\n      user: %s\n      password: $%s\n      permissions: {\n",
			r, r.passwordVariable())
		writeList(&b, "publish", publish)
		writeList(&b, "subscribe", subscribe)
		b.WriteString("      }\n    }\n")
	}
	b.WriteString("  ]\n}\n")
	return b.String()
}

func writeList(b *strings.Builder, name string, subjects []string) {
	fmt.Fprintf(b, "        %s: {\n          allow: [\n", name)
	for _, s := range subjects {
		fmt.Fprintf(b, "            %q\n", s)
	}
	b.WriteString("          ]\n        }\n")
}

func (r Role) passwordVariable() string { return "ROSEY_" + strings.ToUpper(string(r)) + "_PASSWORD" }
