#!/usr/bin/env bash
# Writes the SQL dumps of tests/fixtures/writers: the people of tests/fixtures/people.tsv, loaded into MariaDB and PostgreSQL
# and dumped by their own tools. Needs mariadb-server, mariadb-client and postgresql; starts servers of its own in a
# temporary folder. Run from the top of the repository.
set -euo pipefail
people=$PWD/tests/fixtures/people.tsv
out=$PWD/tests/fixtures/writers
dir=$(mktemp -d)
chmod 755 "$dir"
trap 'rm -rf "$dir"' EXIT

rows() { # waybill, name, mobile, address of each person as an SQL tuple
  tail -n +2 "$people" | awk -F'\t' '{ printf "%s(\047%s\047,\047%s\047,\047%s\047,\047%s\047)", (NR > 1 ? "," : ""), $1, $2, $3, $4 }'
}

maria() {
  local data=$dir/maria sock=$dir/maria.sock
  mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$data" --auth-root-authentication-method=normal >/dev/null
  mariadbd --no-defaults --user="$(id -un)" --datadir="$data" --socket="$sock" --skip-networking >/dev/null 2>&1 &
  for _ in $(seq 120); do mariadb -S "$sock" -uroot -e 'select 1' >/dev/null 2>&1 && break; sleep 1; done
  mariadb -S "$sock" -uroot --default-character-set=utf8mb4 <<SQL
create database shop character set utf8mb4; use shop;
create table goods (id int primary key, title varchar(50) comment '商品名称');
insert into goods values (1,'连衣裙'),(2,'台灯');
create table orders (id int auto_increment primary key, f1 varchar(30) comment '运单号', f2 varchar(20) comment '收件人',
  f3 varchar(11) comment '手机', f4 varchar(200) comment '收货地址');
insert into orders (f1,f2,f3,f4) values $(rows);
SQL
  mariadb-dump --no-defaults -S "$sock" -uroot --skip-dump-date shop > "$out/mariadb-dump.sql"
  mariadb-dump --no-defaults -S "$sock" -uroot --skip-dump-date --skip-extended-insert --complete-insert shop > "$out/mariadb-dump-rows.sql"
  mariadb-admin -S "$sock" -uroot shutdown
  wait
}

postgres() {
  local bin data=$dir/pg run=()
  bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
  mkdir "$data"
  if [ "$(id -u)" = 0 ]; then chown postgres "$data"; run=(runuser -u postgres --); fi
  "${run[@]}" "$bin/initdb" -D "$data" -A trust -U shop -E UTF8 --no-sync >/dev/null
  "${run[@]}" "$bin/pg_ctl" -D "$data" -w -o "-k $data -c listen_addresses=''" -l "$data/log" start >/dev/null
  "$bin/psql" -q -h "$data" -U shop postgres <<SQL
create table goods (id int primary key, title text);
insert into goods values (1,'连衣裙'),(2,'台灯');
create table orders (id serial primary key, f1 text, f2 text, f3 text, f4 text);
comment on column orders.f2 is '收件人';
comment on column orders.f3 is '手机';
insert into orders (f1,f2,f3,f4) values $(rows);
SQL
  "$bin/pg_dump" -h "$data" -U shop postgres > "$out/pg_dump-copy.sql"
  "$bin/pg_dump" -h "$data" -U shop --inserts postgres > "$out/pg_dump-inserts.sql"
  "${run[@]}" "$bin/pg_ctl" -D "$data" -m fast stop >/dev/null
}

maria
postgres
