using AkkaScale.Tests.Verdict;

namespace AkkaScale.Tests.Unit.Verdict;

/// <summary>What the histories of these tests show of an entity: how many events it has.</summary>
internal sealed class EventCount : IEntityFold
{
    public string Empty => "0";

    public string Apply(string value, JournalRow row) => $"{int.Parse(value) + 1}";
}
