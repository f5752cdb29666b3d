# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands behind the proxies: nginx for plain answers, our streamer for event streams, delays and failures."""
import json
import subprocess

from processes import Process, free_port, nginx_user, wait_for_port

ANSWER = json.dumps({
    "id": "chatcmpl-bench", "object": "chat.completion", "created": 1700000000, "model": "gpt-4o-2024-08-06",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "The quick brown fox jumps over the lazy dog, "
                 "and the proxy passes it on."}, "logprobs": None, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 230, "completion_tokens": 16, "total_tokens": 246}}, separators=(",", ":"))


def big_answer(size):
    text = "The quick brown fox jumps over the lazy dog. " * (size // 45)
    return json.dumps({"id": "cmpl-bench", "object": "text_completion", "model": "gpt-4o",
                       "choices": [{"index": 0, "text": text, "finish_reason": "stop"}],
                       "usage": {"prompt_tokens": 230, "completion_tokens": 200000, "total_tokens": 200230}})


def make_certificate(folder):
    """A CA of our own and a server's certificate for localhost; returns the CA's file."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=bench CA")
    openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30",
            "-extfile", "names", "-out", "server.pem")
    return folder / "ca.pem"


class NginxUpstream:
    """Plain, TLS that stays open, and TLS that closes after every answer: three ports."""

    def __init__(self, site):
        folder = site.folder / "upstream"
        folder.mkdir()
        self.plain, self.tls, self.tls_cold = free_port(), free_port(), free_port()
        (folder / "html").mkdir()
        (folder / "html/big.json").write_text(big_answer(1 << 20))
        answers = f"""
        location / {{ default_type application/json; return 200 '{ANSWER}'; }}
        location = /v1/completions {{ default_type application/json; root html; error_page 405 =200 /big.json; try_files /big.json =404; }}
        location = /big.json {{ internal; default_type application/json; root html; }}"""
        secure = f"ssl_certificate {site.folder}/server.pem; ssl_certificate_key {site.folder}/server.key; ssl_protocols TLSv1.3;"
        (folder / "nginx.conf").write_text(f"""
daemon off; {nginx_user()} worker_processes 1; pid nginx.pid; error_log stderr crit; worker_rlimit_nofile 65536;
events {{ worker_connections 8192; }}
http {{
    access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
    keepalive_requests 100000000; client_max_body_size 64m; client_body_buffer_size 256k; tcp_nodelay on;
    server {{ listen 127.0.0.1:{self.plain} backlog=4096; {answers} }}
    server {{ listen 127.0.0.1:{self.tls} ssl backlog=4096; {secure} {answers} }}
    server {{ listen 127.0.0.1:{self.tls_cold} ssl backlog=4096; keepalive_timeout 0; {secure} {answers} }}
}}
""")
        self.process = Process([site.program("usr/sbin/nginx"), "-p", folder, "-c", folder / "nginx.conf"],
                               folder / "log", site.library_env(), folder)
        wait_for_port(self.plain)

    def stop(self):
        self.process.stop()


class Streamer:
    def __init__(self, site, port=0, **options):
        command = [site.binaries / "signalbox-bench-upstream", "--port", port]
        for name, value in options.items():
            command += ["--" + name.replace("_", "-"), value]
        self.process = Process(command, site.folder / "streamer.log")
        self.port = self.process.first_line()["port"]

    def stop(self):
        self.process.stop()
