@echo off
rem ASCII only: right in every code page. All words for people are printed by Python or stand in text files.
setlocal
title cfmap
pushd "%~dp0"
if exist "app\python\python.exe" goto run
if not exist "app\python" mkdir "app\python"
for %%f in ("app\python-3.13.*-embed-amd64.zip") do tar -xf "%%f" -C "app\python"
if not exist "app\python\python.exe" for %%f in ("app\python-3.13.*-embed-amd64.zip") do powershell -NoProfile -Command "Expand-Archive -Force '%%f' 'app\python'"
if exist "app\python\python.exe" goto run
start "" notepad "app\no-python.txt"
echo Python is missing, see the text that has just been opened.
set code=4
goto end
:run
"app\python\python.exe" -X utf8 "app\start.py" %*
set code=%errorlevel%
:end
popd
if not "%code%"=="0" if not defined CFMAP_NO_PAUSE pause
exit /b %code%
