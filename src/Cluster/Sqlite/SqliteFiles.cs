using AkkaScale.Cluster.Options;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Cluster.Sqlite;

/// <summary>Where the tables and locks lie, and how each is opened.</summary>
internal sealed class SqliteFiles : IDisposable
{
    private readonly StuckHolderWatch? _membersWatch;
    private readonly StuckHolderWatch? _leasesWatch;
    private readonly TimeSpan _membersLimit;
    private readonly string _journalConnection;
    private readonly string _membersConnection;

    /// <param name="warn">Is told of processes that had to be ended.</param>
    /// <exception cref="ClusterRefusedException">A database in memory.</exception>
    public SqliteFiles(ClusterDatabaseOptions options, Action<string>? warn)
    {
        var builder = new SqliteConnectionStringBuilder(options.ConnectionString);
        if (builder.DataSource is "" or ":memory:" || builder.Mode == SqliteOpenMode.Memory)
        {
            throw new ClusterRefusedException("The cluster's database cannot be in memory: name a file (Data Source=…).");
        }

        Journal = Path.GetFullPath(builder.DataSource);
        (builder.Pooling, builder.DataSource) = (false, Journal);
        _journalConnection = builder.ConnectionString;
        builder.DataSource = Members;
        builder.DefaultTimeout = Math.Max(1, (int)Math.Ceiling(options.LivenessTimeout.TotalSeconds));
        _membersConnection = builder.ConnectionString;

        _membersLimit = options.LivenessTimeout;
        if (OperatingSystem.IsLinux())
        {
            // A stopped holder is ended before the others' deadlines have passed: else all of them would fall silent for its sake.
            _membersWatch = new StuckHolderWatch(Members, new GateLimits(options.TimeToLive / 2, options.DeadAfter, options.Time, warn));
            _leasesWatch = new StuckHolderWatch(Journal, GateLimits.Journal with { Warn = warn });
        }
    }

    public string Journal { get; }

    public string Members => Journal + ".members";

    private string Locks => Members + ".d";

    /// <summary>
    /// For writing members. Not durable, so that no renewal waits for a disk: what a crash of the host takes away are states of processes that
    /// ended in the same crash.
    /// </summary>
    public SqliteSession OpenMembers() => new(Members, _membersConnection, _membersWatch, _membersLimit, isDurable: false);

    /// <summary>For writing leases, in the journal's file and by its turns.</summary>
    public SqliteSession OpenLeases() => new(Journal, _journalConnection, _leasesWatch);

    /// <summary>The lock that an incarnation's process holds.</summary>
    public string LockOf(string incarnation)
    {
        Directory.CreateDirectory(Locks);
        return Path.Combine(Locks, incarnation);
    }

    /// <summary>Incarnations whose lock files are there, held or not.</summary>
    public IEnumerable<string> LockFiles() =>
        Directory.Exists(Locks) ? Directory.EnumerateFiles(Locks).Select(path => Path.GetFileName(path)) : [];

    /// <summary>Once its row is final nobody asks for it.</summary>
    public void DeleteLock(string incarnation) => File.Delete(LockOf(incarnation));

    public void Dispose()
    {
        _membersWatch?.Dispose();
        _leasesWatch?.Dispose();
    }
}
