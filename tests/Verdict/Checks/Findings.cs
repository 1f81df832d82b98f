namespace AkkaScale.Tests.Verdict.Checks;

/// <summary>Violations of one invariant as they are found: the first are kept, all are counted.</summary>
internal sealed class Findings(Invariant invariant, int kept)
{
    private readonly List<Finding> _findings = [];
    private long _count;

    public long Checked { get; set; }

    public void Add(string what, string? entity, IReadOnlyList<Operation>? operations = null, IReadOnlyList<JournalRow>? rows = null)
    {
        if (++_count <= kept)
        {
            _findings.Add(new Finding(invariant, what) { Entity = entity, Operations = operations ?? [], Rows = rows ?? [] });
        }
    }

    public InvariantVerdict Verdict() => new(invariant, Checked, _count, _findings);
}
