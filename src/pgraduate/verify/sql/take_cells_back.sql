UPDATE {relation} AS t SET {into} = m.before FROM matched AS m WHERE t.ctid = m.place
