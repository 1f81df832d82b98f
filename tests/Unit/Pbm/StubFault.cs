namespace AkkaScale.Tests.Unit.Pbm;

/// <summary>What goes wrong with one request to the stub.</summary>
public enum StubFault
{
    None,

    /// <summary>The connection breaks and the command had no effect.</summary>
    DropBefore,

    /// <summary>The command takes effect, then the connection breaks.</summary>
    DropAfter,
    Unavailable,
    Overloaded,
    Internal,

    /// <summary>No answer until the client goes away.</summary>
    Hang,
}
