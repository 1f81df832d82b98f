using AkkaScale.Cluster.Audit;

namespace AkkaScale.Tests.Unit.Access;

/// <summary>An audit table that takes what it is told to.</summary>
internal sealed class FakeAuditSession : IAuditSession
{
    private readonly List<AuditEntry> _rows = [];

    public bool TakesRows { get; set; } = true;

    public bool TakesOutcomes { get; set; } = true;

    /// <summary>What was written, in order.</summary>
    public List<string> Written { get; } = [];

    /// <summary>In order of number.</summary>
    public IReadOnlyList<AuditEntry> Rows => _rows;

    public AuditTable Table() => new(() => this, TimeSpan.FromSeconds(20), TimeProvider.System);

    public long Begin(AuditEntry entry)
    {
        if (!TakesRows)
        {
            throw new IOException("The disk is full.");
        }

        _rows.Add(entry with { Nr = _rows.Count + 1 });
        Written.Add($"begin {entry.Method} {entry.Path} {entry.Who} {entry.Outcome}");
        return _rows.Count;
    }

    public bool Finish(AuditEntry entry)
    {
        if (!TakesOutcomes)
        {
            throw new IOException("The disk is full.");
        }

        _rows[(int)entry.Nr - 1] = entry;
        Written.Add($"finish {entry.Status} {entry.Outcome} by {entry.By}: {entry.Why}");
        return true;
    }

    public IReadOnlyList<AuditEntry> Read(long before, int limit) => [.. _rows.Where(row => row.Nr < before).Reverse().Take(limit)];

    public void Prune(int calls, int denials)
    {
    }

    public void Dispose()
    {
    }
}
