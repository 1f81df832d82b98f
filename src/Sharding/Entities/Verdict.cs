using AkkaScale.Entities;

namespace AkkaScale.Sharding.Entities;

/// <summary>Whose word a decision is.</summary>
internal enum Verdict : byte
{
    /// <summary>The kind's: events, nothing, or a refusal by a rule.</summary>
    OfEntity,

    /// <summary>The engine's, before the kind was asked or because what it decided does not fit: final for whoever asked.</summary>
    OfEngine,

    /// <summary>The kind's code failed; asked again, it may not.</summary>
    Fault,
}
