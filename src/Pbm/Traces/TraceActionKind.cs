namespace AkkaScale.Pbm.Traces;

/// <summary>What a line of a trace says happened to its task.</summary>
public enum TraceActionKind
{
    Create,
    Edit,
    Rename,
    Close,
}
