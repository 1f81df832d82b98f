namespace AkkaScale.Tests.Verdict.Checks;

/// <summary>One command id: every operation that asked it, and where it stands in the journal.</summary>
internal sealed class Command(Operation first)
{
    private List<Operation>? _copies;

    /// <summary>The one that was called first.</summary>
    public Operation First { get; private set; } = first;

    /// <summary>The answer that came first; null while the outcome is unknown.</summary>
    public Operation? Answered { get; private set; } = first.IsAnswered ? first : null;

    /// <summary>The first of its events; null without an effect.</summary>
    public JournalRow? FirstRow { get; private set; }

    public JournalRow? LastRow { get; private set; }

    /// <summary>How many events it has.</summary>
    public int RowCount { get; private set; }

    /// <summary>What it was answered, where that is stored without an event.</summary>
    public JournalRow? AnswerRow { get; private set; }

    /// <summary>An event of another entity than the first one found.</summary>
    public JournalRow? StrayRow { get; private set; }

    public IReadOnlyList<Operation> All => _copies is null ? [First] : _copies;

    public bool IsRepeated => _copies is not null;

    public void Add(Operation copy)
    {
        (_copies ??= [First]).Add(copy);
        First = copy.Call < First.Call ? copy : First;
        Answered = copy.IsAnswered && (Answered is null || copy.Return < Answered.Return) ? copy : Answered;
    }

    public void Add(JournalRow row)
    {
        if (!row.IsEvent)
        {
            AnswerRow = row;
            return;
        }

        RowCount++;
        if (FirstRow is not null && FirstRow.Entity != row.Entity)
        {
            StrayRow = row;
            return;
        }

        FirstRow = FirstRow is null || row.Version < FirstRow.Version ? row : FirstRow;
        LastRow = LastRow is null || row.Version > LastRow.Version ? row : LastRow;
    }
}
