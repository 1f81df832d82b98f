namespace AkkaScale.Hosting.Management;

/// <summary>An order that cannot be taken; the message says why and what to do.</summary>
internal sealed class OrderRefusedException(int status, string message) : Exception(message)
{
    /// <summary>Of HTTP: 400, 404, 409, 415 or 503.</summary>
    public int Status { get; } = status;
}
