namespace AkkaScale.Tests.Model;

/// <summary>What must always hold of the stored rows does not: whoever wrote them is at fault, not the store.</summary>
internal sealed class StoreModelException(string message) : Exception(message)
{
    public static void Check(bool holds, FormattableString what)
    {
        if (!holds)
        {
            throw new StoreModelException(what.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
