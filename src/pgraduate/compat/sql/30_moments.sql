-- Dates and times.  A moment is the Julian day number in milliseconds, as inside SQLite's date.c.

CREATE OR REPLACE FUNCTION pgraduate_compat.date_text(value date) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    RETURN pg_catalog.to_char(value::timestamp, 'YYYY-MM-DD');
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.timestamp_text(value timestamp, form text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- The text that a timestamp column stands for; what stands in brackets is written only where it is not zero.
AS $$
DECLARE
    day text := pg_catalog.to_char(value, 'YYYY-MM-DD');
    separator text := CASE WHEN form LIKE '__________T%' THEN 'T' ELSE ' ' END;
    zone text := coalesce((pg_catalog.regexp_match(form, '(Z|\+00:00)$'))[1], '');
BEGIN
    IF form = 'YYYY-MM-DD[ HH:MM:SS]' THEN
        RETURN CASE WHEN value = value::date::timestamp THEN day ELSE day || pg_catalog.to_char(value, ' HH24:MI:SS') END;
    ELSIF form LIKE '%[.ffffff]%' THEN
        RETURN day || separator
            || pg_catalog.to_char(value, CASE
                WHEN value = pg_catalog.date_trunc('second', value) THEN 'HH24:MI:SS' ELSE 'HH24:MI:SS.US' END)
            || zone;
    ELSIF form LIKE '%.ffffff%' THEN
        RETURN day || separator || pg_catalog.to_char(value, 'HH24:MI:SS.US') || zone;
    ELSIF form LIKE '%.fff%' THEN
        RETURN day || separator || pg_catalog.to_char(value, 'HH24:MI:SS.MS') || zone;
    ELSIF form LIKE '%:SS%' THEN
        RETURN day || separator || pg_catalog.to_char(value, 'HH24:MI:SS') || zone;
    ELSIF form LIKE '%HH:MM' THEN
        RETURN day || separator || pg_catalog.to_char(value, 'HH24:MI');
    END IF;
    RAISE EXCEPTION 'unknown form of a timestamp: %', form USING ERRCODE = 'invalid_parameter_value';
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.epoch_value(value timestamp, unit text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT (extract(epoch FROM value) * CASE unit WHEN 's' THEN 1 WHEN 'ms' THEN 1000 WHEN 'us' THEN 1000000 END)::bigint
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.julian(
    year integer, month integer, day integer, milliseconds numeric
) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- Meeus' formula in integers, as SQLite writes it; days beyond the month's end run on.
AS $$
DECLARE
    y integer := CASE WHEN month <= 2 THEN year - 1 ELSE year END;
    m integer := CASE WHEN month <= 2 THEN month + 12 ELSE month END;
    a integer := (y + 4800) / 100;
    b integer := 38 - a + a / 4;
BEGIN
    RETURN ((36525 * (y + 4716)) / 100 + (306001 * (m + 1)) / 10000 + day + b)::bigint * 86400000
        - 131716800000 + pg_catalog.trunc(milliseconds)::bigint;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.calendar(
    jd bigint, OUT year integer, OUT month integer, OUT day integer, OUT milliseconds integer
)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    z integer := (jd + 43200000) / 86400000;
    alpha integer := pg_catalog.trunc((z + 32044.75) / 36524.25)::integer - 52;
    a integer := z + 1 + alpha - (alpha + 100) / 4 + 25;
    b integer := a + 1524;
    c integer := pg_catalog.trunc((b - 122.1) / 365.25);
    d integer := (36525 * (c & 32767)) / 100;
    e integer := pg_catalog.trunc((b - d) / 30.6001);
BEGIN
    day := b - d - pg_catalog.trunc(30.6001 * e)::integer;
    month := CASE WHEN e < 14 THEN e - 1 ELSE e - 13 END;
    year := CASE WHEN month > 2 THEN c - 4716 ELSE c - 4715 END;
    milliseconds := (jd + 43200000) % 86400000;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.time_part(value text, OUT milliseconds numeric, OUT zone integer)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- HH:MM[:SS[.FFF]][zone]; milliseconds is NULL where the text is none; zone in minutes east of UTC.
AS $$
DECLARE
    part text[] := pg_catalog.regexp_match(
        value, '^(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?\s*(?:([+-])(\d\d):(\d\d)|([zZ]))?\s*$');
BEGIN
    IF part IS NULL OR part[1]::integer > 24 OR part[2]::integer > 59 OR part[3]::integer > 59
       OR part[6]::integer > 14 OR part[7]::integer > 59 THEN
        RETURN;
    END IF;
    milliseconds := part[1]::integer * 3600000 + part[2]::integer * 60000
        + pg_catalog.trunc(coalesce(part[3] || coalesce(part[4], ''), '0')::numeric * 1000 + 0.5);
    zone := CASE WHEN part[5] IS NOT NULL
        THEN (part[6]::integer * 60 + part[7]::integer) * CASE part[5] WHEN '-' THEN -1 ELSE 1 END ELSE 0 END;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.moment(
    value text, modifiers text[], now timestamptz, OUT jd bigint, OUT subsecond boolean
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
-- A time value with its modifiers; jd is NULL where SQLite gives NULL.  Without `now` the word now is an error.
AS $$
DECLARE
    part text[];
    timed record;
    raw double precision;
    is_raw boolean := false;
    over_floor integer := 0;
    modifier text;
    position integer := 0;
    cal record;
    years integer;
    months integer;
    amount double precision;
    unit text;
    most double precision;
    weekday integer;
    as_written boolean := false;
    written integer[];
BEGIN
    subsecond := false;
    IF value IS NULL THEN
        RETURN;
    END IF;
    part := pg_catalog.regexp_match(value, '^(-?)(\d{4})-(\d\d)-(\d\d)(?:[\sT]*)(.*)$');
    IF part IS NOT NULL AND part[3]::integer BETWEEN 1 AND 12 AND part[4]::integer BETWEEN 1 AND 31 THEN
        SELECT * INTO timed FROM pgraduate_compat.time_part(part[5]);
        IF timed.milliseconds IS NULL AND part[5] <> '' THEN
            RETURN;
        END IF;
        years := part[2]::integer * CASE part[1] WHEN '-' THEN -1 ELSE 1 END;
        months := part[3]::integer;
        over_floor := pgraduate_compat.days_over(years, months, part[4]::integer);
        jd := pgraduate_compat.julian(years, months, part[4]::integer, coalesce(timed.milliseconds, 0))
            - coalesce(timed.zone, 0) * 60000;
        -- A day beyond its month and the hour 24 stay as they are written until a modifier changes the moment.
        as_written := coalesce(timed.zone, 0) = 0;
        written := ARRAY[years, months, part[4]::integer, coalesce(timed.milliseconds, 0)::integer];
    ELSIF value ~ '^\d\d:\d\d' THEN
        SELECT * INTO timed FROM pgraduate_compat.time_part(value);
        jd := pgraduate_compat.julian(2000, 1, 1, timed.milliseconds) - timed.zone * 60000;
        as_written := timed.zone = 0;
        written := ARRAY[2000, 1, 1, timed.milliseconds::integer];
    ELSIF pg_catalog.lower(value) IN ('now', 'subsec', 'subsecond') THEN
        IF now IS NULL THEN
            RAISE EXCEPTION 'non-deterministic use of a date function' USING ERRCODE = 'invalid_parameter_value';
        END IF;
        subsecond := pg_catalog.lower(value) <> 'now';
        jd := pg_catalog.floor(extract(epoch FROM now) * 1000)::bigint + 210866760000000;
    ELSIF pgraduate_compat.is_number(value) THEN
        raw := pgraduate_compat.to_real(value);
        is_raw := true;
        IF raw >= 0 AND raw < 5373484.5 THEN
            jd := pg_catalog.trunc(raw * 86400000.0 + 0.5);
        END IF;
    ELSE
        RETURN;
    END IF;

    FOREACH modifier IN ARRAY modifiers LOOP
        position := position + 1;
        modifier := pg_catalog.lower(modifier);
        IF modifier IS NULL OR (jd IS NULL AND NOT is_raw) THEN
            jd := NULL;
            RETURN;
        END IF;
        IF modifier IN ('unixepoch', 'auto', 'julianday') AND position = 1 THEN
            IF modifier = 'unixepoch' AND NOT is_raw OR modifier = 'julianday' AND NOT (is_raw AND jd IS NOT NULL) THEN
                jd := NULL;
                RETURN;
            ELSIF modifier = 'unixepoch' OR modifier = 'auto' AND is_raw AND jd IS NULL THEN
                IF raw * 1000 + 210866760000000 < 0 OR raw * 1000 + 210866760000000 >= 464269060800000 THEN
                    jd := NULL;
                    RETURN;
                END IF;
                jd := pg_catalog.trunc(raw * 1000.0 + 210866760000000.0 + 0.5);
            END IF;
            is_raw := false;
            CONTINUE;
        END IF;
        is_raw := false;
        IF modifier IN ('subsec', 'subsecond') THEN
            subsecond := true;
            CONTINUE;
        END IF;
        IF jd IS NULL THEN
            RETURN;
        END IF;
        SELECT * INTO cal FROM pgraduate_compat.calendar(jd);
        IF as_written THEN
            cal.year := written[1];
            cal.month := written[2];
            cal.day := written[3];
            cal.milliseconds := written[4];
        END IF;
        as_written := modifier IN ('start of day', 'start of month', 'start of year') AND as_written;
        IF modifier IN ('localtime', 'utc') THEN
            over_floor := 0;
            CONTINUE;
        ELSIF modifier = 'floor' THEN
            jd := jd - over_floor * 86400000::bigint;
        ELSIF modifier = 'ceiling' THEN
            CONTINUE;
        ELSIF modifier ~ '^weekday [0-6](\.0*)?$' THEN
            weekday := pg_catalog.substr(modifier, 9, 1)::integer;
            jd := jd + ((weekday - ((jd + 129600000) / 86400000) % 7 + 7) % 7) * 86400000;
        ELSIF modifier IN ('start of day', 'start of month', 'start of year') THEN
            written := ARRAY[
                cal.year,
                CASE WHEN modifier = 'start of year' THEN 1 ELSE cal.month END,
                CASE WHEN modifier = 'start of day' THEN cal.day ELSE 1 END,
                0];
            jd := pgraduate_compat.julian(written[1], written[2], written[3], 0);
        ELSIF modifier ~ '^[+-]\d{4}-\d\d-\d\d(\s.*)?$' THEN
            part := pg_catalog.regexp_match(modifier, '^([+-])(\d{4})-(\d\d)-(\d\d)(?:\s+(.*))?$');
            IF part[3]::integer > 11 OR part[4]::integer > 30 THEN
                jd := NULL;
                RETURN;
            END IF;
            years := CASE part[1] WHEN '-' THEN -1 ELSE 1 END;
            months := cal.year * 12 + cal.month - 1 + years * (part[2]::integer * 12 + part[3]::integer);
            over_floor := pgraduate_compat.days_over(months / 12, months % 12 + 1, cal.day);
            jd := pgraduate_compat.julian(months / 12, months % 12 + 1, cal.day, cal.milliseconds)
                + years * part[4]::integer * 86400000::bigint;
            IF part[5] IS NOT NULL THEN
                SELECT * INTO timed FROM pgraduate_compat.time_part(part[5]);
                jd := jd + years * timed.milliseconds::bigint;
            END IF;
        ELSIF modifier ~ '^[+-]?\d\d:\d\d' THEN
            SELECT * INTO timed FROM pgraduate_compat.time_part(pg_catalog.ltrim(modifier, '+-'));
            jd := jd + CASE WHEN modifier LIKE '-%' THEN -1 ELSE 1 END * timed.milliseconds::bigint;
        ELSE
            part := pg_catalog.regexp_match(
                modifier, '^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(second|minute|hour|day|month|year)s?$');
            IF part IS NULL THEN
                jd := NULL;
                RETURN;
            END IF;
            amount := pgraduate_compat.to_real(part[1]);
            unit := part[2];
            most := CASE unit WHEN 'year' THEN 14713 WHEN 'month' THEN 176546 WHEN 'day' THEN 5373485
                WHEN 'hour' THEN 1.2897e+8 WHEN 'minute' THEN 7.7379e+9 ELSE 4.6427e+11 END;
            IF pg_catalog.abs(amount) >= most THEN
                jd := NULL;
                RETURN;
            END IF;
            over_floor := 0;
            IF unit IN ('month', 'year') THEN
                months := cal.year * 12 + cal.month - 1
                    + pg_catalog.trunc(amount)::integer * CASE unit WHEN 'year' THEN 12 ELSE 1 END;
                years := pg_catalog.floor(months / 12.0);
                months := months - years * 12 + 1;
                over_floor := pgraduate_compat.days_over(years, months, cal.day);
                jd := pgraduate_compat.julian(years, months, cal.day, cal.milliseconds);
                amount := amount - pg_catalog.trunc(amount);
            END IF;
            jd := jd + pg_catalog.trunc(
                amount * 1000.0 * CASE unit WHEN 'second' THEN 1 WHEN 'minute' THEN 60 WHEN 'hour' THEN 3600
                    WHEN 'day' THEN 86400 WHEN 'month' THEN 2592000 ELSE 31536000 END
                + CASE WHEN amount < 0 THEN -0.5 ELSE 0.5 END)::bigint;
        END IF;
    END LOOP;
    IF jd NOT BETWEEN 0 AND 464269060799999 THEN
        jd := NULL;
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.days_over(year integer, month integer, day integer) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- How many days a day number lies beyond the end of its month; month is 1 to 12.
AS $$
SELECT greatest(0, day - CASE
    WHEN month IN (1, 3, 5, 7, 8, 10, 12) THEN 31
    WHEN month <> 2 THEN 30
    WHEN year % 4 = 0 AND (year % 100 <> 0 OR year % 400 = 0) THEN 29
    ELSE 28
END)
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.written(form text, jd bigint, subsecond boolean) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- A moment by strftime's substitutions; an unknown one gives NULL.
AS $$
DECLARE
    cal record;
    result text := '';
    place integer := 1;
    sign text;
    hours integer;
    day_of_year integer;
    monday integer;
    thursday record;
    piece text;
BEGIN
    SELECT * INTO cal FROM pgraduate_compat.calendar(jd);
    hours := cal.milliseconds / 3600000;
    day_of_year := (jd - cal.milliseconds - pgraduate_compat.julian(cal.year, 1, 1, 0) + 43200000) / 86400000;
    monday := ((jd + 43200000) / 86400000) % 7;
    WHILE place <= pg_catalog.length(form) LOOP
        sign := pg_catalog.substr(form, place, 1);
        IF sign <> '%' THEN
            result := result || sign;
            place := place + 1;
            CONTINUE;
        END IF;
        sign := pg_catalog.substr(form, place + 1, 1);
        SELECT * INTO thursday FROM pgraduate_compat.calendar(jd + (3 - monday) * 86400000::bigint);
        piece := CASE sign
            WHEN 'Y' THEN CASE WHEN cal.year < 0 THEN '-' ELSE '' END
                || pg_catalog.lpad(pg_catalog.abs(cal.year)::text, 4, '0')
            WHEN 'm' THEN pg_catalog.lpad(cal.month::text, 2, '0')
            WHEN 'd' THEN pg_catalog.lpad(cal.day::text, 2, '0')
            WHEN 'e' THEN pg_catalog.lpad(cal.day::text, 2, ' ')
            WHEN 'H' THEN pg_catalog.lpad(hours::text, 2, '0')
            WHEN 'k' THEN pg_catalog.lpad(hours::text, 2, ' ')
            WHEN 'I' THEN pg_catalog.lpad(((hours + 11) % 12 + 1)::text, 2, '0')
            WHEN 'l' THEN pg_catalog.lpad(((hours + 11) % 12 + 1)::text, 2, ' ')
            WHEN 'M' THEN pg_catalog.lpad((cal.milliseconds / 60000 % 60)::text, 2, '0')
            WHEN 'S' THEN pg_catalog.lpad((cal.milliseconds / 1000 % 60)::text, 2, '0')
            WHEN 'f' THEN pg_catalog.lpad((cal.milliseconds / 1000 % 60)::text, 2, '0')
                || '.' || pg_catalog.lpad((cal.milliseconds % 1000)::text, 3, '0')
            WHEN 'p' THEN CASE WHEN hours >= 12 THEN 'PM' ELSE 'AM' END
            WHEN 'P' THEN CASE WHEN hours >= 12 THEN 'pm' ELSE 'am' END
            WHEN 'j' THEN pg_catalog.lpad((day_of_year + 1)::text, 3, '0')
            WHEN 's' THEN CASE WHEN subsecond
                THEN pg_catalog.round((jd - 210866760000000) / 1000.0, 3)::text
                ELSE (jd / 1000 - 210866760000)::text END
            WHEN 'w' THEN ((monday + 1) % 7)::text
            WHEN 'u' THEN (monday + 1)::text
            WHEN 'W' THEN pg_catalog.lpad(((day_of_year + 7 - monday) / 7)::text, 2, '0')
            WHEN 'U' THEN pg_catalog.lpad(((day_of_year + 7 - (monday + 1) % 7) / 7)::text, 2, '0')
            WHEN 'V' THEN pg_catalog.lpad(((jd + (3 - monday) * 86400000::bigint - thursday.milliseconds + 43200000
                - pgraduate_compat.julian(thursday.year, 1, 1, 0)) / 604800000 + 1)::text, 2, '0')
            WHEN 'G' THEN pg_catalog.lpad(thursday.year::text, 4, '0')
            WHEN 'g' THEN pg_catalog.lpad((thursday.year % 100)::text, 2, '0')
            WHEN 'J' THEN pgraduate_compat.shortest(jd / 86400000.0::double precision)
            WHEN 'F' THEN pgraduate_compat.written('%Y-%m-%d', jd, false)
            WHEN 'T' THEN pgraduate_compat.written('%H:%M:%S', jd, false)
            WHEN 'R' THEN pgraduate_compat.written('%H:%M', jd, false)
            WHEN '%' THEN '%'
        END;
        IF piece IS NULL THEN
            RETURN NULL;
        END IF;
        result := result || piece;
        place := place + 2;
    END LOOP;
    RETURN result;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.shortest(value double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- A Julian day number with 16 significant digits, without zeros at the end.
AS $$
SELECT pg_catalog.trim_scale(pg_catalog.to_char(value, '9.999999999999999EEEE')::numeric)::text
$$;

-- The functions of SQLite.  By their own names they know the word now; as fixed_ they are immutable.

CREATE OR REPLACE FUNCTION pgraduate_compat.date(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.written('%Y-%m-%d', m.jd, m.subsecond)
FROM pgraduate_compat.moment(value, modifiers, pg_catalog.statement_timestamp()) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.fixed_date(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.written('%Y-%m-%d', m.jd, m.subsecond)
FROM pgraduate_compat.moment(value, modifiers, NULL) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.time(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.written(CASE WHEN m.subsecond THEN '%H:%M:%f' ELSE '%H:%M:%S' END, m.jd, m.subsecond)
FROM pgraduate_compat.moment(value, modifiers, pg_catalog.statement_timestamp()) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.fixed_time(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.written(CASE WHEN m.subsecond THEN '%H:%M:%f' ELSE '%H:%M:%S' END, m.jd, m.subsecond)
FROM pgraduate_compat.moment(value, modifiers, NULL) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.datetime(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.written(
    CASE WHEN m.subsecond THEN '%Y-%m-%d %H:%M:%f' ELSE '%Y-%m-%d %H:%M:%S' END, m.jd, m.subsecond)
FROM pgraduate_compat.moment(value, modifiers, pg_catalog.statement_timestamp()) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.fixed_datetime(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.written(
    CASE WHEN m.subsecond THEN '%Y-%m-%d %H:%M:%f' ELSE '%Y-%m-%d %H:%M:%S' END, m.jd, m.subsecond)
FROM pgraduate_compat.moment(value, modifiers, NULL) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.strftime(form text, value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.written(form, m.jd, m.subsecond)
FROM pgraduate_compat.moment(value, modifiers, pg_catalog.statement_timestamp()) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.fixed_strftime(form text, value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.written(form, m.jd, m.subsecond)
FROM pgraduate_compat.moment(value, modifiers, NULL) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.julianday(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS double precision
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT m.jd / 86400000.0::double precision
FROM pgraduate_compat.moment(value, modifiers, pg_catalog.statement_timestamp()) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.fixed_julianday(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT m.jd / 86400000.0::double precision
FROM pgraduate_compat.moment(value, modifiers, NULL) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.unixepoch(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT m.jd / 1000 - 210866760000
FROM pgraduate_compat.moment(value, modifiers, pg_catalog.statement_timestamp()) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.fixed_unixepoch(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT m.jd / 1000 - 210866760000
FROM pgraduate_compat.moment(value, modifiers, NULL) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.unixepoch_subsec(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS double precision
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT (m.jd - 210866760000000) / 1000.0::double precision
FROM pgraduate_compat.moment(value, modifiers, pg_catalog.statement_timestamp()) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.fixed_unixepoch_subsec(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT (m.jd - 210866760000000) / 1000.0::double precision
FROM pgraduate_compat.moment(value, modifiers, NULL) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.elapsed(one bigint, other bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- What has to be added to the second moment to get the first, as a modifier: years and months first, then the rest.
AS $$
DECLARE
    forward boolean := one >= other;
    target record;
    moved record;
    years integer;
    months integer;
    jd bigint := other;
    rest bigint;
BEGIN
    SELECT * INTO target FROM pgraduate_compat.calendar(one);
    SELECT * INTO moved FROM pgraduate_compat.calendar(other);
    years := CASE WHEN forward THEN target.year - moved.year ELSE moved.year - target.year END;
    months := CASE WHEN forward THEN target.month - moved.month ELSE moved.month - target.month END;
    IF months < 0 THEN
        years := years - 1;
        months := months + 12;
    END IF;
    moved.year := target.year;
    moved.month := target.month;
    jd := pgraduate_compat.julian(moved.year, moved.month, moved.day, moved.milliseconds);
    WHILE CASE WHEN forward THEN one < jd ELSE one > jd END LOOP
        months := months - 1;
        IF months < 0 THEN
            months := 11;
            years := years - 1;
        END IF;
        moved.month := moved.month + CASE WHEN forward THEN -1 ELSE 1 END;
        IF moved.month NOT BETWEEN 1 AND 12 THEN
            moved.year := moved.year + CASE WHEN forward THEN -1 ELSE 1 END;
            moved.month := CASE WHEN forward THEN 12 ELSE 1 END;
        END IF;
        jd := pgraduate_compat.julian(moved.year, moved.month, moved.day, moved.milliseconds);
    END LOOP;
    rest := pg_catalog.abs(one - jd);
    RETURN CASE WHEN forward THEN '+' ELSE '-' END
        || pg_catalog.lpad(years::text, 4, '0') || '-' || pg_catalog.lpad(months::text, 2, '0')
        || '-' || pg_catalog.lpad((rest / 86400000)::text, 2, '0')
        || pgraduate_compat.written(' %H:%M:%f', rest % 86400000 - 43200000 + 86400000, false);
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.timediff(one text, other text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.elapsed(a.jd, b.jd)
FROM pgraduate_compat.moment(one, '{}', pg_catalog.statement_timestamp()) AS a,
    pgraduate_compat.moment(other, '{}', pg_catalog.statement_timestamp()) AS b
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.fixed_timediff(one text, other text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.elapsed(a.jd, b.jd)
FROM pgraduate_compat.moment(one, '{}', NULL) AS a, pgraduate_compat.moment(other, '{}', NULL) AS b
$$;
