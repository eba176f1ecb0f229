package bot

func askCommands() []*command   { return nil }
func queueCommands() []*command { return nil }
func cleanCommands() []*command { return nil }
func pollCommands() []*command  { return nil }
func roomCommands() []*command  { return nil }
func shiftCommands() []*command { return nil }
