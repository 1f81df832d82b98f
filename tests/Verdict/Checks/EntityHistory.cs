namespace AkkaScale.Tests.Verdict.Checks;

/// <summary>What concerns one entity: its operations by call, its rows by sequence number.</summary>
internal sealed class EntityHistory(string name)
{
    public string Name { get; } = name;

    public List<Operation> Operations { get; } = [];

    public List<JournalRow> Rows { get; } = [];

    /// <summary>The rows that are events.</summary>
    public List<JournalRow> Events { get; } = [];

    /// <summary>Highest version; 0 without events.</summary>
    public long Head => Events.Count == 0 ? 0 : Events[^1].Version;

    /// <summary>Call it once, when all is there.</summary>
    public void Sort()
    {
        Operations.Sort(static (one, other) => one.Call.CompareTo(other.Call));
        Rows.Sort(static (one, other) =>
            one.Sequence != other.Sequence ? one.Sequence.CompareTo(other.Sequence) : one.Position.CompareTo(other.Position));
        NameCommands();
        Events.AddRange(Rows.Where(row => row.IsEvent));
    }

    /// <summary>The event that made this version, or null.</summary>
    public JournalRow? At(long version)
    {
        // Without gaps it stands where it belongs.
        if (version >= 1 && version <= Events.Count && Events[(int)version - 1] is var row && row.Version == version)
        {
            return row;
        }

        var (low, high) = (0, Events.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            switch (Events[middle].Version.CompareTo(version))
            {
                case 0: return Events[middle];
                case < 0: low = middle + 1; break;
                default: high = middle - 1; break;
            }
        }

        return null;
    }

    /// <summary>Events without a command belong to that of the next event: they were written together with it.</summary>
    private void NameCommands()
    {
        Guid? command = null;
        for (var at = Rows.Count - 1; at >= 0; at--)
        {
            var row = Rows[at];
            command = !row.IsEvent ? null : row.CommandId ?? command;
            if (row.IsEvent && row.CommandId != command)
            {
                Rows[at] = row with { CommandId = command };
            }
        }
    }
}
