#!/bin/sh
# What is double-clicked on macOS and Linux; all words for people are printed by start.py or stand in text files.
cd "$(dirname "$0")" || exit 4
python=""
for each in app/python/bin/python3 "$(command -v python3.13)" /Library/Frameworks/Python.framework/Versions/3.13/bin/python3 "$(command -v python3)"; do
  if [ -x "$each" ] && "$each" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; then python=$each; break; fi
done
if [ -n "$python" ]; then
  "$python" app/start.py "$@"
  code=$?
else
  cat app/no-python.txt
  code=4
fi
if [ "$code" != 0 ] && [ -t 0 ]; then
  printf '按回车键关闭 / press Enter to close '
  read -r _
fi
exit "$code"
