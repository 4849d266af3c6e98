-- What `prisma migrate deploy` leaves in PostgreSQL, in its own style of names and types.
CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN');
CREATE TABLE "_prisma_migrations" (
    id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
    logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0
);
INSERT INTO "_prisma_migrations" (id, checksum, migration_name) VALUES ('p1', 'c', '20240101000000_init');
CREATE TABLE "User" (
    "id" SERIAL NOT NULL, "email" TEXT NOT NULL, "role" "Role" NOT NULL DEFAULT 'USER', "createdAt" TIMESTAMP(3) NOT NULL
    DEFAULT CURRENT_TIMESTAMP, "profile" JSONB, "balance" DECIMAL(65,30) NOT NULL DEFAULT 0, "active" BOOLEAN NOT NULL DEFAULT true,
    "visits" INTEGER NOT NULL DEFAULT 0, "avatar" BYTEA, CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
CREATE TABLE "Post" (
    "id" TEXT NOT NULL, "title" VARCHAR(20) NOT NULL, "authorId" INTEGER NOT NULL, "parentId" TEXT, "updatedAt" TIMESTAMP(3) NOT NULL,
    "views" BIGINT NOT NULL DEFAULT 0, CONSTRAINT "Post_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "User"("id")
    ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "Post" ADD CONSTRAINT "Post_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "Post"("id")
    ON DELETE SET NULL ON UPDATE CASCADE;
