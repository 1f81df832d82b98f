using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.Tests.Unit.Sharding;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>One thing a client wants, with all its copies.</summary>
internal sealed record Operation(Guid CommandId, int Client, EntityKey Entity, object Command, bool IsRead, bool IsKeyed, TimeSpan Timeout)
{
    public bool IsConfirmed { get; init; }

    public long? ExpectedVersion { get; init; }

    /// <summary>Under way right now.</summary>
    public int Copies { get; set; }

    /// <summary>In all.</summary>
    public int Sent { get; set; }

    /// <summary>The highest version of the entity that anybody knew of when this was invoked.</summary>
    public long Floor { get; set; }

    /// <summary>How many times the store had lost its tail by then.</summary>
    public int Losses { get; set; }

    /// <summary>The first definite answer.</summary>
    public EntityReply? Answer { get; set; }

    /// <summary>The caller was told for certain that it has no effect, and has not asked again.</summary>
    public bool IsToldNoEffect { get; set; }

    public int Events => Command switch { AddEach each => each.Amounts.Length, _ => 1 };

    public string What => Command switch
    {
        AddEach each => $"AddEach {string.Join("+", each.Amounts)}",
        Get when IsConfirmed => "Get, confirmed",
        Get => "Get",
        Add add => $"Add {add.Amount}",
        _ => Command.ToString()!,
    };

    public EntityCommand ToCommand() => new(Entity, Command)
    {
        CommandId = CommandId,
        IsClientKey = IsKeyed,
        IsRead = IsRead,
        IsConfirmed = IsConfirmed,
        Hash = IsKeyed ? new PayloadHash(1, 2, 3, (ulong)CommandId.GetHashCode() | 1) : default,
        ExpectedVersion = ExpectedVersion,
        ActingUser = "",
        Timeout = Timeout,
    };
}
