using AkkaScale.Journal.Options;

namespace AkkaScale.Sharding.Events;

/// <summary>A snapshot of another version of the kind's state: the events are folded anew.</summary>
internal sealed record StaleEntitySnapshot(string Manifest) : IUnusableSnapshot;
