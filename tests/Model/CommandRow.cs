using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Model;

/// <summary>What the store holds of one command of one entity.</summary>
internal struct CommandRow
{
    /// <summary>Position of the command's first event; 0 if it has none.</summary>
    public long Position;

    /// <summary>Sequence number of its last event with an answer; 0 if it has none.</summary>
    public long AnsweredAt;

    /// <summary>The answer that came without an event.</summary>
    public StoredResult? Result;
}
