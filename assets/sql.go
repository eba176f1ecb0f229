package assets

import _ "embed"

// SchemaV050 makes the tables of Rosey-Robot v0.5.0 where they are missing.
//
//go:embed sql/v050.sql
var SchemaV050 string

// SchemaRosey1 makes version 1 of our own tables.
//
//go:embed sql/rosey_1.sql
var SchemaRosey1 string

// SchemaRosey2 leads from version 1 of our own tables to version 2.
//
//go:embed sql/rosey_2.sql
var SchemaRosey2 string
