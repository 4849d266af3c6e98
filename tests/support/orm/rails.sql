-- What `rails db:schema:load` leaves in PostgreSQL, in its own style of names and types.
CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY);
INSERT INTO schema_migrations VALUES ('20240101000000');
CREATE TABLE ar_internal_metadata (
    key varchar NOT NULL PRIMARY KEY, value varchar, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL
);
INSERT INTO ar_internal_metadata VALUES ('environment', 'production', now(), now());
CREATE TABLE authors (
    id bigserial PRIMARY KEY, name varchar, admin boolean DEFAULT false NOT NULL, settings jsonb DEFAULT '{}' NOT NULL,
    created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL
);
CREATE TABLE articles (
    id bigserial PRIMARY KEY, author_id bigint NOT NULL, title varchar(50), body text, price numeric(8, 2), published_on date,
    photo bytea, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL,
    CONSTRAINT fk_rails_e74ce85cbc FOREIGN KEY (author_id) REFERENCES authors (id)
);
CREATE INDEX index_articles_on_author_id ON articles (author_id);
