using AkkaScale.Entities;

namespace AkkaScale.TestKit.Entities;

/// <summary>An event as the journal would have it.</summary>
internal sealed record StoredEvent<TEvent>(TEvent Happened, EncodedEvent Encoded, EventContext Context);
