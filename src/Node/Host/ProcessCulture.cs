using System.Globalization;
using System.Text;

namespace AkkaScale.Node.Host;

/// <summary>
/// Of the machine's language settings a node takes nothing: nodes of one cluster must write and order things alike. ICU it needs
/// all the same, for the normal form of ids; why the process may lack it, and what that would do, is in decision 7.
/// </summary>
internal static class ProcessCulture
{
    public static void MakeInvariant()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
    }

    /// <summary>Null, or what is wrong: in invariant mode .NET takes every text for normalized.</summary>
    public static string? Fault() => "e\u0301".IsNormalized(NormalizationForm.FormC)
        ? "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT is set, so .NET cannot tell two spellings of one id. "
            + "Unset it, and install ICU (libicu) if it is missing."
        : null;
}
