#!/bin/sh
# Makes the pictures in docs/pictures from the program itself.
# Usage: docs/pictures.sh [/path/to/rosey]
set -eu
rosey=$(command -v "${1:-rosey}")
mkdir -p "$(dirname "$0")/pictures"
cd "$(dirname "$0")/pictures"
take() { "$rosey" tui --demo --snapshot "$1.svg" --size 120x36 --keys "$2"; }
take room 'until:MODERATORS,wait:40s'
take card 'until:MODERATORS,wait:20s,esc,enter,wait:2s'
take playlist 'until:MODERATORS,wait:3s,f3,wait:2s'
take bus 'until:MODERATORS,wait:10s,f5,wait:5s'
take raid 'until:RAID,wait:5s,alt+a,wait:1s'
