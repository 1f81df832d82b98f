namespace AkkaScale.Gateway.Bodies;

/// <summary>
/// Something in a body is not as it must be: a clause that goes on from the name of the member, without text of the caller. Thrown inside the parser
/// only, as the framework's own reader does for malformed JSON; <see cref="BodyShape"/> makes a value of both.
/// </summary>
internal sealed class BodyFaultException(string clause) : Exception(clause)
{
    /// <summary>In an array; −1 if the fault is not in one.</summary>
    public int Index { get; set; } = -1;

    /// <summary>The rule broken is one for ids.</summary>
    public bool IsId { get; init; }
}
