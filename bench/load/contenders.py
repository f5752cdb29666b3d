# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxies that are compared, each with one thread for its events where it lets one choose, and streaming unbuffered."""
import json
import os

from processes import Process, free_port, nginx_user, wait_for_port


class Site:
    """Where programs are, and where they may write."""

    def __init__(self, binaries, unpacked, peers, folder, ca_file):
        self.binaries, self.unpacked, self.peers, self.folder, self.ca_file = binaries, unpacked, peers, folder, ca_file

    def program(self, path):
        return self.unpacked / path

    def library_env(self):
        return {"LD_LIBRARY_PATH": str(self.unpacked / "usr/lib/x86_64-linux-gnu")}


class Contender:
    name = ""
    slow = False  # by so much that few rounds tell enough: --slow-rounds
    does_tls = True
    fails_over = False
    groups = ()  # of workloads; empty: all but those that are for some contenders only

    def __init__(self, site):
        self.site = site
        self.port = 0
        self.process = None
        self.headers_file = None

    def start(self, upstreams, tls=False):
        """`upstreams`: ports on 127.0.0.1, the preferred one first."""
        self.folder = self.site.folder / f"{self.name}-{os.urandom(4).hex()}"
        self.folder.mkdir(parents=True)
        self.port = free_port()
        self.process = self.launch(upstreams, tls)
        wait_for_port(self.port)
        return self

    def launch(self, upstreams, tls):
        raise NotImplementedError

    def spawn(self, command, env=None):
        return Process(command, self.folder / "log", {**self.site.library_env(), **(env or {})}, self.folder)

    def target(self):
        return f"{self.name}:{self.port}" + (f":{self.headers_file}" if self.headers_file else "")

    def stop(self):
        if self.process:
            self.process.stop()


class Direct(Contender):
    """No proxy: what the upstream and the load generator do alone."""
    name = "direct"
    groups = ("plain", "streams")

    def start(self, upstreams, tls=False):
        self.port = upstreams[0]
        return self

    def stop(self):
        pass


class Nginx(Contender):
    name = "nginx"
    fails_over = True

    def launch(self, upstreams, tls):
        first, *rest = upstreams
        servers = f"server 127.0.0.1:{first} max_fails=1 fail_timeout=5s;"
        servers += "".join(f" server 127.0.0.1:{port} backup;" for port in rest)
        secure = f"""proxy_ssl_server_name on; proxy_ssl_name localhost; proxy_ssl_verify on; proxy_ssl_session_reuse on;
            proxy_ssl_trusted_certificate {self.site.ca_file}; proxy_ssl_protocols TLSv1.3;""" if tls else ""
        (self.folder / "nginx.conf").write_text(f"""
daemon off; {nginx_user()} worker_processes 1; pid nginx.pid; error_log stderr crit; worker_rlimit_nofile 65536;
events {{ worker_connections 8192; }}
http {{
    access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
    keepalive_requests 1000000; client_max_body_size 64m; client_body_buffer_size 256k; tcp_nodelay on;
    upstream backend {{ {servers} keepalive 256; keepalive_requests 1000000; }}
    server {{
        listen 127.0.0.1:{self.port} backlog=4096;
        location / {{
            proxy_pass {"https" if tls else "http"}://backend; proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_buffering off; proxy_read_timeout 300s; proxy_next_upstream error timeout non_idempotent; {secure}
        }}
    }}
}}
""")
        return self.spawn([self.site.program("usr/sbin/nginx"), "-p", self.folder, "-c", self.folder / "nginx.conf"])


class HaProxy(Contender):
    name = "haproxy"
    fails_over = True

    def launch(self, upstreams, tls):
        secure = f"ssl verify required ca-file {self.site.ca_file} sni str(localhost) verifyhost localhost" if tls else ""
        check = "check inter 5s fall 1 rise 1 observe layer4 error-limit 1 on-error mark-down" if len(upstreams) > 1 else ""
        servers = "\n".join(f"    server s{i} 127.0.0.1:{port} {secure} {check} {'backup' if i else ''}"
                            for i, port in enumerate(upstreams))
        (self.folder / "haproxy.cfg").write_text(f"""
global
    maxconn 8192
    nbthread 1
defaults
    mode http
    option http-no-delay
    option redispatch 1
    retries 2
    retry-on conn-failure empty-response
    http-reuse always
    timeout connect 5s
    timeout client 300s
    timeout server 300s
frontend in
    bind 127.0.0.1:{self.port} backlog 4096
    default_backend out
backend out
{servers}
""")
        return self.spawn([self.site.program("usr/sbin/haproxy"), "-db", "-f", self.folder / "haproxy.cfg"])


class Caddy(Contender):
    name = "caddy"
    slow = True
    fails_over = True

    def launch(self, upstreams, tls):
        scheme = "https://" if tls else ""
        secure = f"tls_trusted_ca_certs {self.site.ca_file}\n tls_server_name localhost" if tls else ""
        backends = " ".join(f"{scheme}127.0.0.1:{port}" for port in upstreams)
        (self.folder / "Caddyfile").write_text(f"""
{{
    admin off
    auto_https off
}}
http://127.0.0.1:{self.port} {{
    bind 127.0.0.1
    reverse_proxy {backends} {{
        lb_policy first
        lb_try_duration 2s
        fail_duration 5s
        flush_interval -1
        transport http {{
            keepalive_idle_conns_per_host 256
            {secure}
        }}
    }}
}}
""")
        home = {"HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder)}
        return self.spawn([self.site.program("usr/bin/caddy"), "run", "--config", self.folder / "Caddyfile"], home)


class NodeContender(Contender):
    slow = True
    script = ""

    def launch(self, upstreams, tls):
        scheme, host = ("https", "127.0.0.1") if tls else ("http", "127.0.0.1")
        env = {"PORT": str(self.port), "UPSTREAM": f"{scheme}://{host}:{upstreams[0]}", "NODE_ENV": "production"}
        if tls:
            env["CA_FILE"] = str(self.site.ca_file)
        return self.spawn(["node", self.site.peers / self.script], env)


class HttpProxy(NodeContender):
    name = "http-proxy"
    script = "httpproxy.mjs"


class Opossum(NodeContender):
    name = "opossum"
    script = "opossum.mjs"


class Fastify(NodeContender):
    name = "fastify"
    script = "fastify.mjs"


class Portkey(Contender):
    """Takes its provider from each request's headers."""
    name = "portkey"
    slow = True
    does_tls = False

    def launch(self, upstreams, tls):
        self.headers_file = self.folder / "headers"
        self.headers_file.write_bytes(b"x-portkey-provider: openai\r\nx-portkey-custom-host: http://127.0.0.1:%d/v1\r\n"
                                      % upstreams[0])
        gateway = self.site.peers / "node_modules/@portkey-ai/gateway/build/start-server.js"
        return self.spawn(["node", gateway, f"--port={self.port}", "--headless"], {"NODE_ENV": "production"})


class Signalbox(Contender):
    name = "signalbox"
    fails_over = True
    records = True
    providers = 0  # more of them, which are never asked

    def launch(self, upstreams, tls):
        scheme, host = ("https", "127.0.0.1") if tls else ("http", "127.0.0.1")
        names = [f"p{i}" for i in range(len(upstreams))]
        providers = [{"name": name, "dialect": "openai", "baseUrl": f"{scheme}://{host}:{port}/v1", "key": None}
                     for name, port in zip(names, upstreams)]
        providers += [{"name": f"spare{i}", "dialect": "openai", "baseUrl": f"http://127.0.0.1:{free_port()}/v1",
                       "key": None} for i in range(self.providers)]
        if tls:
            for provider in providers:
                provider["caFile"] = str(self.site.ca_file)
        config = {"version": 1, "proxy": {"token": None}, "breaker": {"timeoutMs": 5000},
                  "health": {"intervalMs": 5000, "enabled": not self.providers}, "providers": providers}
        path = self.folder / "config.json"
        path.write_text(json.dumps(config))
        path.chmod(0o600)
        # A file where the data directory should be: then nothing can be recorded.
        data = self.folder / "data"
        if not self.records:
            data.write_text("")
        return self.spawn([self.site.binaries / "signalboxd", "--config", path, "--port", self.port, "--data-dir", data],
                          {"XDG_RUNTIME_DIR": str(self.folder), "HOME": str(self.folder)})


class SignalboxUnrecorded(Signalbox):
    name = "signalbox-unrecorded"
    groups = ("recording", "streams")
    records = False


class SignalboxManyProviders(Signalbox):
    name = "signalbox-100-providers"
    groups = ("providers",)
    providers = 98


PEERS = [Direct, Nginx, HaProxy, Caddy, HttpProxy, Opossum, Fastify, Portkey]
OURS = [Signalbox, SignalboxUnrecorded, SignalboxManyProviders]
