using System.Text.Json;
using AkkaScale.Cluster.Storage;

namespace AkkaScale.Cluster.Sqlite;

/// <summary>
/// Takes and gives back leases in the journal's file. Who is gone is read in the members' file before: gone is final, so that it is still
/// true when the lease is taken.
/// </summary>
internal sealed class SqliteLeases(
    SqliteSession leases, SqliteSession members, MemberProcesses processes, string cluster, string incarnation) : ILeaseSession
{
    private const string Look = "SELECT owner, epoch FROM lease WHERE cluster = $1 AND name = $2";

    private const string Owners =
        """
        SELECT DISTINCT owner FROM lease
        WHERE cluster = $1 AND owner IS NOT NULL AND owner <> $3 AND name IN (SELECT value FROM json_each($2))
        """;

    private const string Put =
        """
        INSERT INTO lease (cluster, name, owner, epoch) VALUES ($1, $2, $3, 1)
        ON CONFLICT (cluster, name) DO UPDATE SET owner = excluded.owner, epoch = lease.epoch + 1
        """;

    private const string GiveBack = "UPDATE lease SET owner = NULL WHERE cluster = $1 AND name = $2 AND owner = $3 AND epoch = $4";

    private const string State = "SELECT state FROM node WHERE incarnation = $1";

    public IReadOnlyList<LeaseRow> Acquire(IReadOnlyList<string> names)
    {
        var gone = Gone(names);
        var rows = new List<LeaseRow>();
        leases.Transact(() =>
        {
            // Read now, not before the turn was waited for. Whoever is set down in this very moment is as one who took it just before.
            var isLive = members.Prepare(State, incarnation).ExecuteScalar() is "live";
            rows = names.Select(Row).ToList();
            if (!isLive)
            {
                return false;
            }

            foreach (var row in rows.Where(row => row.Owner is null || row.Owner == incarnation || gone.Contains(row.Owner)).Distinct())
            {
                leases.Prepare(Put, cluster, row.Name, incarnation).ExecuteNonQuery();
            }

            rows = names.Select(Row).ToList();
            return true;
        });
        return rows;
    }

    public void Release(IReadOnlyList<LeaseClaim> claims) => leases.Transact(() =>
    {
        foreach (var claim in claims)
        {
            leases.Prepare(GiveBack, cluster, claim.Name, incarnation, claim.Epoch).ExecuteNonQuery();
        }

        return true;
    });

    public IReadOnlyList<LeaseRow> Read(IReadOnlyList<string> names) => names.Select(Row).ToList();

    public void Dispose()
    {
        leases.Dispose();
        members.Dispose();
    }

    /// <summary>The owners that are dead or left, their processes ended. One without a row counts as gone.</summary>
    /// <remarks>
    /// A row is there before its incarnation takes anything and is never deleted: without one there is nobody who could renew, and nobody who
    /// could ever be declared dead. The owners are read before the rows, so that none can have appeared in between.
    /// </remarks>
    private HashSet<string> Gone(IReadOnlyList<string> names)
    {
        var gone = new HashSet<string>(StringComparer.Ordinal);
        foreach (var owner in ReadOwners(names))
        {
            var state = members.Prepare(State, owner).ExecuteScalar();
            if (state is "dead")
            {
                processes.End(members, owner);
            }

            if (state is null or "dead" or "left")
            {
                gone.Add(owner);
            }
        }

        return gone;
    }

    private List<string> ReadOwners(IReadOnlyList<string> names)
    {
        var owners = new List<string>();
        using var reader = leases.Prepare(Owners, cluster, JsonSerializer.Serialize(names), incarnation).ExecuteReader();
        while (reader.Read())
        {
            owners.Add(reader.GetString(0));
        }

        return owners;
    }

    private LeaseRow Row(string name)
    {
        using var reader = leases.Prepare(Look, cluster, name).ExecuteReader();
        return reader.Read()
            ? new LeaseRow(name, reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetInt64(1))
            : new LeaseRow(name, null, 0);
    }
}
