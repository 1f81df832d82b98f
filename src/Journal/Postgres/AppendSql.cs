namespace AkkaScale.Journal.Postgres;

/// <summary>The one statement of a batch. Its parameters are in <see cref="AppendCommand"/>.</summary>
internal static class AppendSql
{
    /// <summary>
    /// Which slices' leases are held, with their rows locked until the commit, in order of name: whoever takes a lease waits for that,
    /// and this waits for whoever is taking it and then sees the new owner.
    /// </summary>
    /// <remarks>
    /// Only FOR SHARE will do. A plain join sees the owner of the statement's start; FOR KEY SHARE does not collide with the update of
    /// owner and epoch; an advisory lock taken in the same statement comes after its snapshot. Row by row, with an index scan for each
    /// (see <see cref="WriteSession"/>): a join became a nested loop of all leases by all slices while nobody had analyzed the table.
    /// </remarks>
    public const string Held =
        """
        SELECT slice.number
        FROM (SELECT * FROM slice WHERE lease IS NOT NULL ORDER BY lease) AS slice CROSS JOIN LATERAL (
            SELECT 1 FROM lease
            WHERE lease.cluster = $3 AND lease.name = slice.lease AND lease.epoch = slice.epoch AND lease.owner = $4
            FOR SHARE) AS held_lease
        """;

    /// <param name="held">See <see cref="Held"/>; tests put weaker ones here to see them fail.</param>
    /// <param name="tagged">Whether rows of the batch have tags. Without, nothing needs to be returned from the insert.</param>
    public static string Text(string held, bool tagged) =>
        $"""
        WITH slice AS MATERIALIZED (
            SELECT lease, epoch, number::int FROM unnest($1, $2) WITH ORDINALITY AS s(lease, epoch, number)
        ), held AS MATERIALIZED (
            {held}
        ), flag AS MATERIALIZED (
            SELECT ARRAY(
                SELECT slice.lease IS NULL OR slice.number IN (SELECT number FROM held) FROM slice ORDER BY slice.number) AS held
        ), written AS (
            INSERT INTO journal (
                deleted, created, persistence_id, sequence_number, message, identifier, manifest, writer_uuid, lease_name, epoch,
                command_id)
            SELECT false, r.created, r.persistence_id, r.sequence_number, r.message, r.identifier, r.manifest, $5, r.lease, r.epoch,
                r.command_id
            FROM unnest($6, $7, $8, $9, $10, $11, $12, $13, $14, $15) AS r(
                slice, created, persistence_id, sequence_number, message, identifier, manifest, lease, epoch, command_id)
            WHERE (SELECT held FROM flag)[r.slice]
            {(tagged ? "RETURNING ordering, persistence_id, sequence_number" : "")}
        ){(tagged ? Tagged : "")}
        SELECT held FROM flag
        """;

    private const string Tagged =
        """
        , tagged AS (
            INSERT INTO tags (ordering_id, tag, sequence_nr, persistence_id)
            SELECT written.ordering, t.tag, written.sequence_number, written.persistence_id
            FROM unnest($16, $17, $18) AS t(persistence_id, sequence_number, tag)
            JOIN written ON written.persistence_id = t.persistence_id AND written.sequence_number = t.sequence_number
        )
        """;
}
