namespace AkkaScale.Pbm.Traces;

/// <summary>A trace file holds something that is not an action; the message names the line.</summary>
public sealed class TraceFormatException(int line, string problem) : Exception($"trace line {line}: {problem}")
{
    public int Line { get; } = line;
}
