namespace AkkaScale.Tests.Verdict.Checks;

/// <summary>What concerns one entity: its operations by call, its events by sequence number.</summary>
internal sealed class EntityHistory(string name)
{
    public string Name { get; } = name;

    public List<Operation> Operations { get; } = [];

    public List<JournalRow> Rows { get; } = [];

    /// <summary>Highest sequence number; 0 without events.</summary>
    public long Head => Rows.Count == 0 ? 0 : Rows[^1].Sequence;

    public int? Shard => Rows.Count == 0 ? null : Rows[0].Shard;

    public void Sort()
    {
        Operations.Sort(static (one, other) => one.Call.CompareTo(other.Call));
        Rows.Sort(static (one, other) =>
            one.Sequence != other.Sequence ? one.Sequence.CompareTo(other.Sequence) : one.Position.CompareTo(other.Position));
    }

    /// <summary>The event of that number, or null.</summary>
    public JournalRow? At(long sequence)
    {
        // Without gaps it stands where it belongs.
        if (sequence >= 1 && sequence <= Rows.Count && Rows[(int)sequence - 1] is var row && row.Sequence == sequence)
        {
            return row;
        }

        var (low, high) = (0, Rows.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            switch (Rows[middle].Sequence.CompareTo(sequence))
            {
                case 0: return Rows[middle];
                case < 0: low = middle + 1; break;
                default: high = middle - 1; break;
            }
        }

        return null;
    }
}
