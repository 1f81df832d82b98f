-- The fence: every append locks its rows FOR SHARE, so nothing that is frequent may update them. Never deleted; epochs only grow.
CREATE TABLE IF NOT EXISTS lease (
    cluster text   NOT NULL,
    name    text   NOT NULL,
    owner   text,
    epoch   bigint NOT NULL CHECK (epoch >= 0),
    PRIMARY KEY (cluster, name)
) WITH (fillfactor = 50);
