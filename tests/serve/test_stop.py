"""Start, stop, two of them, and what is written to the log."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from served import Client, Served
from tap import PROGRAM, SOURCE, run, test, viaggio
from live import Stream


@test
def it_stops_on_sigterm_and_ctrl_c_and_leaves_nothing_behind():
    for how in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        with Served(solo=True) as served:
            assert served.owner.post("/departments", {"name": "Vendite"}).status == 201
            began = time.monotonic()
            assert served.stop(how=how) == 0, served.lines_text()
            assert time.monotonic() - began < 10
            assert sorted(p.name for p in served.workspace.parent.iterdir()) == ["azienda.viaggio", "log"], how


@test
def requests_under_way_are_finished_and_streams_say_goodbye():
    with Served(solo=True) as served:
        stream = Stream(served, served.owner)
        got = []
        threads = [threading.Thread(target=lambda: got.append(served.owner.get("/backup"))) for _ in range(4)]
        for t in threads:
            t.start()
        time.sleep(0.3)
        assert served.stop() == 0
        for t in threads:
            t.join()
        assert [a.status for a in got] == [200] * 4, got
        assert all(a.body.startswith(b"SQLite format 3\0") for a in got)
        assert stream.wait(lambda: stream.over) and "bye" in stream.names(), stream.text


@test
def what_was_acknowledged_is_there_after_a_kill():
    with Served(solo=True) as served:
        done = 0
        for i in range(50):
            if served.owner.post("/departments", {"name": f"r{i}"}).status == 201:
                done += 1
        served.process.kill()
        served.process.wait()
        assert (served.workspace.parent / "azienda.viaggio.serving").exists()
        served.start()
        served.owner.csrf = served.owner.get("/session").json["csrf"]
        assert len(served.owner.get("/departments").json["items"]) == done == 50


@test
def a_second_server_on_the_same_file_says_so():
    with Served(solo=True) as served:
        viaggio("serve", "-w", served.workspace, "--listen", "127.0.0.1:0", status=6)
        assert "another viaggio serves this data file already" in viaggio.error, viaggio.error
        assert served.owner.get("/health").status == 200
        # the shell works beside it
        viaggio("doctor", "-w", served.workspace)


@test
def the_shell_writes_into_the_file_while_it_is_served_and_harms_nothing():
    example = SOURCE / "examples" / "macchinari"
    with Served(solo=True) as served:
        assert served.owner.get("/evidence").json["events"] == 0
        for i, name in enumerate(("crm.csv", "telefonate.xlsx", "recensioni.jsonl")):
            viaggio("import", example / name, "-w", served.workspace)
            assert served.owner.post("/departments", {"name": f"r{i}"}).status == 201
            assert served.owner.get("/evidence").json["events"] > 0
        assert served.owner.get("/evidence").json["events"] == 12870
        assert served.owner.get("/doctor").json["healthy"] is True
        viaggio("doctor", "-w", served.workspace)
        assert len(served.owner.get("/departments").json["items"]) == 3


@test
def a_port_that_is_taken_and_an_address_that_is_none_are_told():
    with Served(solo=True) as served, tempfile.TemporaryDirectory() as folder:
        other = pathlib.Path(folder) / "b.viaggio"
        viaggio("init", other)
        viaggio("serve", "-w", other, "--listen", served.name, status=8)
        assert "--listen" in viaggio.error, viaggio.error
        for wrong in ("nonsense", "127.0.0.1", "127.0.0.1:99999", "esempio.it:80", ":80"):
            viaggio("serve", "-w", other, "--listen", wrong, status=2)
            assert "--listen" in viaggio.error, viaggio.error
        viaggio("serve", "-w", other, "--trust-proxy", "everybody", status=2)
        viaggio("serve", "-w", pathlib.Path(folder) / "none.viaggio", status=5)
        viaggio("serve", status=2)
        assert not list(pathlib.Path(folder).glob("*.serving")), list(pathlib.Path(folder).iterdir())


@test
def it_speaks_italian_where_the_shell_does():
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "a.viaggio"
        viaggio("init", file)
        process = subprocess.Popen([PROGRAM, "serve", "-w", file, "--listen", "127.0.0.1:0", "--lang", "it"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        said = process.stdout.readline().decode()
        process.terminate()
        assert process.wait(10) == 0
        assert said.startswith("Viaggio è pronto. Il primo proprietario"), said
    with Served(solo=True) as served:
        got = served.owner.get("/departments/nulla", headers={"Accept-Language": "fr, it-IT;q=0.8"})
        assert "non" in got.json["title"], got
        assert "not" in served.owner.get("/departments/nulla?lang=en", headers={"Accept-Language": "it"}).json["title"]


@test
def every_log_line_is_one_line_of_json_whatever_is_asked():
    with Served(solo=True) as served:
        evil = 'a\\r\\nb"}{"level":"error","event":"forged"'
        served.owner.get("/departments/" + "%22%7D%0A%7B".replace("%0A", "%20"))
        served.owner.post("/departments", {"name": "x\u2028\u0085 \\n {}"})
        served.raw(b'GET /x"%0d%0a{"event":"forged"} HTTP/1.1\r\nHost: x\r\nUser-Agent: "}\r\nConnection: close\r\n\r\n')
        served.raw(f"GET /api/v1/people?{evil} HTTP/1.1\r\nHost: {served.name}\r\nConnection: close\r\n\r\n".encode())
        served.owner.get("/health", headers={"X-Forwarded-For": '1.1.1.1"}'})
        served.stop()
        lines = served.lines()  # each one is JSON
        assert {"at", "level", "event"} <= set(lines[0])
        assert not any(line["event"] == "forged" for line in lines)
        assert lines[0]["event"] == "start" and lines[-1]["event"] == "end", lines[-1]


@test
def systemd_hands_over_a_socket_and_hears_that_it_is_ready():
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "a.viaggio"
        viaggio("init", file)
        listening = socket.create_server(("127.0.0.1", 0))
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.bind(str(pathlib.Path(folder) / "notify"))
        notify.settimeout(10)
        code = ("import os,sys\nos.dup2(int(sys.argv[1]),3)\nos.set_inheritable(3,True)\n"
                "os.environ['LISTEN_PID']=str(os.getpid());os.environ['LISTEN_FDS']='1'\n"
                "os.execv(sys.argv[2],sys.argv[2:])")
        process = subprocess.Popen([sys.executable, "-c", code, str(listening.fileno()), PROGRAM, "serve", "-w", str(file), "--solo"],
                                   pass_fds=[listening.fileno()], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   env={**os.environ, "NOTIFY_SOCKET": str(pathlib.Path(folder) / "notify")})
        assert notify.recv(100) == b"READY=1"
        host, port = listening.getsockname()
        with socket.create_connection((host, port)) as s:
            s.sendall(f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
            assert b'"ok"' in s.recv(65536)
        process.terminate()
        assert process.wait(10) == 0
        process.stdout.close()
        listening.close()


@test
def uploads_and_the_data_file_are_private():
    with Served(solo=True) as served:
        mode = (served.workspace.parent / "azienda.viaggio.serving").stat().st_mode & 0o777
        assert mode == 0o700, oct(mode)
        assert served.owner.post("/departments", {"name": "a"}).status == 201
        for file in served.workspace.parent.glob("azienda.viaggio-*"):
            assert file.stat().st_mode & 0o077 == 0, file


@test
def the_browser_is_opened_without_the_link_in_the_list_of_processes():
    with tempfile.TemporaryDirectory() as folder:
        fake = pathlib.Path(folder) / "xdg-open"
        fake.write_text(f'#!/bin/sh\nprintf "%s" "$1" >"{folder}/asked"\ncp "$1" "{folder}/page" 2>/dev/null\nstat -c %a "$1" >"{folder}/mode" 2>/dev/null\n')
        fake.chmod(0o755)
        with Served("--open", env={"PATH": f"{folder}:{os.environ['PATH']}", "DISPLAY": ":9"}) as served:
            for _ in range(600):
                if (pathlib.Path(folder) / "mode").exists():
                    break
                time.sleep(0.05)
            time.sleep(0.1)
            asked = (pathlib.Path(folder) / "asked").read_text()
            assert served.setup_token not in asked and served.setup_token in (pathlib.Path(folder) / "page").read_text(), asked
            assert (pathlib.Path(folder) / "mode").read_text().strip() == "600"


@test
def it_is_small_when_idle():
    with Served(solo=True) as served:
        served.owner.get("/departments")
        time.sleep(0.5)
        status = pathlib.Path(f"/proc/{served.process.pid}/status").read_text()
        kilobytes = int(next(l for l in status.splitlines() if l.startswith("RssAnon")).split()[1])
        if "asan" not in PROGRAM:
            assert kilobytes < 30_000, kilobytes


if __name__ == "__main__":
    run()
