namespace AkkaScale.Tests.Support;

/// <summary>One attempt of a load that did not succeed and was repeated.</summary>
public sealed record LoadTrouble(LoadTroubleKind Kind, Uri Gateway, string Detail)
{
    public override string ToString() => $"{Kind} from {Gateway.Authority}: {Detail}";
}

public enum LoadTroubleKind
{
    /// <summary>The gateway answered with an error status.</summary>
    ErrorAnswer,

    /// <summary>The connection was refused, or closed before an answer came.</summary>
    Disconnected,

    /// <summary>No answer came in time.</summary>
    Silence,
}
