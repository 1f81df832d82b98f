namespace AkkaScale.Tests.Verdict;

/// <summary>What a read is expected to show, from the journal: an entity's events folded in order, one after the other.</summary>
public interface IEntityFold
{
    /// <summary>Before the first event.</summary>
    string Empty => "";

    /// <param name="value">After the event before.</param>
    string Apply(string value, JournalRow row);
}
